/** The bar above the messages: who one talks to, threads, and what one can do with the chat. */
import type { PaneChat, PaneThread } from "../shared/protocol.ts";
import { pictureSeed } from "./chat-list.ts";
import { avatar, h, iconButton } from "./dom.ts";
import { showKept } from "./kept.ts";
import { choose, menuItems } from "./menus.ts";
import { complain, openMenu } from "./notices.ts";
import { type Place, placeKey, type Store } from "./store.ts";

/** A thread, or the chat itself. */
type Tab = Omit<PaneThread, "id"> & { readonly id: string | undefined };

export class ChatHead {
  readonly element: HTMLElement;
  readonly #store: Store;
  readonly #who: HTMLElement;
  readonly #threads: HTMLElement;
  readonly #tabs: HTMLElement;
  readonly #more: HTMLButtonElement;
  readonly #options: HTMLButtonElement;

  constructor(store: Store) {
    this.#store = store;
    this.#who = h("div", { class: "who" });
    this.#tabs = h("div", {
      class: "thread-tabs",
      attrs: { role: "tablist", "aria-label": "Threads" },
      on: { keydown: walk },
    });
    this.#more = iconButton("plus", "New thread", () => this.#newThread());
    this.#threads = h("div", { class: "threads" }, this.#tabs, this.#more);
    const back = iconButton("back", "Back to the chats", () => void store.show(undefined), "back");
    const menu = iconButton("menu", "Chat actions", () => this.#menu(menu));
    menu.setAttribute("aria-haspopup", "menu");
    this.#options = menu;
    this.element = h(
      "header",
      { class: "head" },
      h("div", { class: "head-row" }, back, this.#who, menu),
      this.#threads,
    );
  }

  render(chat: PaneChat, place: Place): void {
    const { account, online } = this.#store;
    const { title, threads, newThread } = chat;
    const doing = this.#store.typing.get(placeKey(place))?.text;
    this.#who.replaceChildren(
      avatar(title, pictureSeed(this.#store, chat)),
      h(
        "div",
        {},
        h("h2", {}, title),
        h(
          "p",
          { class: doing === undefined ? "" : "typing", attrs: { role: "status" } },
          doing === undefined
            ? online
              ? chat.subtitle
              : "connecting…"
            : `${chat.kind === "direct" ? "" : `${account.name} is `}${doing}…`,
        ),
      ),
    );
    this.#options.hidden = chat.menu.length === 0;
    this.#threads.hidden = threads === undefined;
    this.#more.hidden = newThread === undefined;
    if (newThread) {
      this.#more.title = newThread.label;
      this.#more.setAttribute("aria-label", newThread.label);
    }
    if (threads) this.#renderThreads({ id: undefined, name: chat.main ?? "General" }, threads, place);
  }

  #renderThreads(main: Tab, threads: readonly Tab[], place: Place): void {
    const tabs = [main, ...threads].map(({ id, name, closed, color }) => {
      const target: Place = { chat: place.chat, ...(id !== undefined && { thread: id }) };
      const unread = this.#store.unread.get(placeKey(target)) ?? 0;
      const chosen = place.thread === id;
      const dot = h("i", { class: "thread-dot", attrs: { "aria-hidden": "true" } });
      dot.style.background = color ?? "currentColor";
      return h(
        "button",
        {
          attrs: {
            type: "button",
            role: "tab",
            "data-key": placeKey(target),
            "aria-selected": String(chosen),
            tabindex: chosen ? 0 : -1,
          },
          on: { click: () => void this.#store.show(target).catch(complain) },
        },
        dot,
        closed ? `${name} 🔒` : name,
        unread > 0 && h("span", { class: "badge", attrs: { "aria-label": `${unread} unread` } }, String(unread)),
      );
    });
    showKept(this.#tabs, tabs);
  }

  #menu(button: HTMLElement): void {
    const { open } = this.#store;
    const chat = open && this.#store.chats.get(open.chat);
    if (!chat) return;
    const { left, bottom } = button.getBoundingClientRect();
    openMenu({ x: left, y: bottom + 4 }, menuItems(this.#store, chat.menu, { chat: chat.id }));
  }

  #newThread(): void {
    const { open } = this.#store;
    const item = open && this.#store.chats.get(open.chat)?.newThread;
    if (item) void choose(this.#store, item, { chat: open.chat });
  }
}

/** Arrow keys go from tab to tab. */
function walk(event: KeyboardEvent): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const list = event.currentTarget;
  if (step === undefined || !(list instanceof HTMLElement)) return;
  event.preventDefault();
  const tabs = [...list.querySelectorAll<HTMLElement>('[role="tab"]')];
  const next = tabs[(tabs.findIndex((tab) => tab.matches(":focus")) + step + tabs.length) % tabs.length];
  next?.focus();
  next?.click();
}
