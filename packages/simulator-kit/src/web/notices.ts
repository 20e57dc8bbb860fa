/** Toasts and questions. */
import type { PaneField } from "../shared/protocol.ts";
import { h } from "./dom.ts";

const TOAST_MS = 3500;

const region = h("div", { class: "toasts", attrs: { role: "status", "aria-live": "polite" } });

export function toast(text: string): void {
  if (!region.isConnected) document.body.append(region);
  const note = h("div", { class: "toast" }, text);
  region.append(note);
  setTimeout(() => {
    note.classList.add("leaving");
    setTimeout(() => note.remove(), 250);
  }, TOAST_MS);
}

/** What went wrong, as a toast. */
export function complain(error: unknown): void {
  toast(error instanceof Error ? error.message : String(error));
}

/** Copies a text, where the browser lets the page. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast("Copied");
  } catch {
    toast("The browser does not let this page copy");
  }
}

/** Shows a text until it is dismissed. */
export async function alertBox(title: string, text: string): Promise<void> {
  await ask({ title, text, ok: "OK" });
}

export interface Question {
  readonly title: string;
  readonly text?: string;
  readonly fields?: readonly PaneField[];
  readonly ok: string;
}

/** Resolves with the fields' values, or `undefined` when it was dismissed. */
export function ask({ title, text, fields = [], ok }: Question): Promise<Readonly<Record<string, string>> | undefined> {
  return new Promise((resolve) => {
    const inputs = fields.map((field) => h("label", {}, field.label, input(field)));
    const form = h(
      "form",
      { attrs: { method: "dialog" } },
      h("h2", {}, title),
      text !== undefined && h("p", {}, text),
      ...inputs,
      h(
        "div",
        { class: "dialog-buttons" },
        fields.length > 0 &&
          h("button", { attrs: { type: "button", value: "" }, on: { click: () => dialog.close("") } }, "Cancel"),
        h("button", { class: "primary", attrs: { type: "submit", value: "ok" } }, ok),
      ),
    );
    const dialog = h("dialog", {}, form);
    dialog.addEventListener("close", () => {
      const values = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
      dialog.remove();
      resolve(dialog.returnValue === "ok" ? values : undefined);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

function input({ name, placeholder, value, optional, long, options }: PaneField): HTMLElement {
  const required = !optional;
  if (options) {
    const none = optional || value === undefined ? [{ value: "", label: placeholder ?? "" }] : [];
    const choices = [...none, ...options].map((option) =>
      h("option", { attrs: { value: option.value, selected: option.value === value } }, option.label),
    );
    return h("select", { attrs: { name, required } }, ...choices);
  }
  if (long) return h("textarea", { attrs: { name, placeholder, required, rows: 4, maxlength: 4000 } }, value);
  return h("input", { attrs: { name, placeholder, value, required, autocomplete: "off", maxlength: 128 } });
}

export interface MenuItem {
  readonly label: string;
  readonly danger?: boolean;
  readonly run: () => void;
}

/** A menu at a place of the window. Arrow keys move, Escape closes. `top` is shown above the items. */
export function openMenu(at: { readonly x: number; readonly y: number }, items: readonly MenuItem[], top?: Node): void {
  document.querySelector(".menu")?.remove();
  const returnTo = document.activeElement;
  const close = (): void => {
    menu.remove();
    document.removeEventListener("pointerdown", outside, true);
    if (returnTo instanceof HTMLElement && returnTo.isConnected) returnTo.focus({ preventScroll: true });
  };
  const outside = (event: Event): void => {
    if (event.target instanceof Node && !menu.contains(event.target)) close();
  };
  const buttons = items.map(({ label, danger, run }) =>
    h(
      "button",
      {
        class: danger ? "danger" : "",
        attrs: { type: "button", role: "menuitem" },
        on: {
          click: () => {
            close();
            run();
          },
        },
      },
      label,
    ),
  );
  const menu = h(
    "div",
    {
      class: "menu",
      attrs: { role: "menu" },
      on: {
        keydown: (event) => {
          const focusable = [...menu.querySelectorAll("button")];
          const index = focusable.findIndex((button) => button.matches(":focus"));
          const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
          if (event.key === "Escape" || event.key === "Tab") close();
          else if (step === undefined) return;
          else focusable[(index + step + focusable.length) % focusable.length]?.focus();
          event.preventDefault();
          event.stopPropagation();
        },
        click: (event) => {
          if (event.target instanceof HTMLElement && event.target.closest(".menu-top")) close();
        },
      },
    },
    top && h("div", { class: "menu-top" }, top),
    ...buttons,
  );
  document.body.append(menu);
  const { width, height } = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(4, Math.min(at.x, innerWidth - width - 4))}px`;
  menu.style.top = `${Math.max(4, Math.min(at.y, innerHeight - height - 4))}px`;
  menu.querySelector("button")?.focus({ preventScroll: true });
  document.addEventListener("pointerdown", outside, true);
}
