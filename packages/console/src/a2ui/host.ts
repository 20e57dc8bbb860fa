/** The element that shows surfaces: `<openclaw-a2ui-host>`. What is drawn inside is the version's own. */
import { renderMarkdown } from "@a2ui/markdown-it";
import { ContextProvider, type createContext } from "@lit/context";
import { html, nothing, render, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { deliver } from "./bridge.ts";
import { type ActionStatus, STATUS_EVENT, surroundings, type UserAction } from "./contract.ts";
import { STYLES } from "./styles.ts";

/** What a version draws with. */
export interface Drawing {
  /** @throws for messages that it does not understand. */
  apply(messages: readonly object[]): void;
  clear(): void;
  surfaces(): readonly string[];
  draw(surface: string): TemplateResult;
}

/** What somebody did, without what every action has. */
export type Pressed = Pick<UserAction, "name" | "surfaceId" | "sourceComponentId" | "context">;

/** How long a remark stays, in milliseconds. */
const REMARK_MS = 4_500;
/** The versions' contexts are typed alike, but not the same. */
type Context = ReturnType<typeof createContext<unknown, unknown>>;

interface Waiting {
  readonly id: string;
  readonly name: string;
  readonly phase: "sending" | "working";
}

export interface Version {
  readonly name: "v0.8" | "v0.9";
  /** What a message says, of which it says one. */
  readonly says: readonly string[];
}

/** Makes the element of this page, and what apps call. A page has one. */
export function defineHost(
  version: Version,
  contexts: readonly (readonly [unknown, unknown])[],
  start: (pressed: (what: Pressed) => void) => Drawing,
): void {
  class Host extends HTMLElement {
    readonly #root = this.attachShadow({ mode: "open" });
    readonly #drawing: Drawing;
    #waiting: Waiting | undefined;
    #remark = "";
    #remarkEnds: ReturnType<typeof setTimeout> | undefined;
    #connected: AbortController | undefined;

    constructor() {
      super();
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLES);
      this.#root.adoptedStyleSheets = [sheet];
      for (const [context, initialValue] of contexts) {
        new ContextProvider(this, { context: context as Context, initialValue });
      }
      this.#drawing = start((what) => void this.#send(what));
    }

    connectedCallback(): void {
      this.#connected = new AbortController();
      const { signal } = this.#connected;
      globalThis.addEventListener(STATUS_EVENT, (event) => this.#heard((event as CustomEvent<unknown>).detail), {
        signal,
      });
      surroundings.openclawA2UI = {
        applyMessages: (messages) => this.#apply(messages),
        reset: () => this.#reset(),
        getSurfaces: () => [...this.#drawing.surfaces()],
      };
      const { openclawA2UIBoot: boot } = surroundings;
      if (Array.isArray(boot?.messages)) this.#apply(boot.messages);
      this.#draw();
    }

    disconnectedCallback(): void {
      this.#connected?.abort();
      clearTimeout(this.#remarkEnds);
    }

    #apply(messages: unknown) {
      try {
        this.#drawing.apply(checked(messages, version));
        // What was pressed has had its effect.
        if (this.#waiting?.phase === "working") this.#waiting = undefined;
      } finally {
        // Of several messages the first may be good.
        this.#draw();
      }
      return { ok: true, surfaces: [...this.#drawing.surfaces()] } as const;
    }

    #reset() {
      this.#drawing.clear();
      this.#waiting = undefined;
      this.#draw();
      return { ok: true } as const;
    }

    async #send(what: Pressed): Promise<void> {
      const { context, ...rest } = what;
      const action: UserAction = {
        id: newId(),
        ...rest,
        timestamp: new Date().toISOString(),
        ...(context !== undefined && Object.keys(context).length > 0 && { context }),
      };
      surroundings.__openclawLastA2UIAction = action;
      this.#waiting = { id: action.id, name: action.name, phase: "sending" };
      this.#draw();
      try {
        if ((await deliver(action)) === "settled") this.#heard({ id: action.id, ok: true });
      } catch (error) {
        this.#heard({ id: action.id, ok: false, error: error instanceof Error ? error.message : String(error) });
      }
    }

    #heard(detail: unknown): void {
      const waiting = this.#waiting;
      if (!isStatus(detail) || waiting?.id !== detail.id) return;
      this.#waiting = detail.ok ? { ...waiting, phase: "working" } : undefined;
      if (!detail.ok) this.#say(`${waiting.name} failed: ${detail.error || "it was not sent"}`);
      this.#draw();
    }

    #say(remark: string): void {
      this.#remark = remark;
      clearTimeout(this.#remarkEnds);
      this.#remarkEnds = setTimeout(() => {
        this.#remark = "";
        this.#draw();
      }, REMARK_MS);
    }

    #draw(): void {
      const surfaces = this.#drawing.surfaces();
      const waiting = this.#waiting;
      render(
        html`
          ${surfaces.length === 0 ? html`<p class="empty">Nothing to show yet.</p>` : nothing}
          <section id="surfaces">
            ${repeat(
              surfaces,
              (surface) => surface,
              (surface) => this.#drawing.draw(surface),
            )}
          </section>
          <div class="remarks" role="status">
            ${waiting ? html`<p>${waiting.phase === "sending" ? "Sending" : "Working"}: ${waiting.name}</p>` : nothing}
            ${this.#remark === "" ? nothing : html`<p class="wrong">${this.#remark}</p>`}
          </div>
        `,
        this.#root,
      );
    }
  }
  if (!customElements.get("openclaw-a2ui-host")) customElements.define("openclaw-a2ui-host", Host);
}

export const MARKDOWN = renderMarkdown;

/** @throws for anything but messages of this version. Versions do not mix: their elements have the same names. */
function checked(messages: unknown, { name, says }: Version): readonly object[] {
  if (!Array.isArray(messages)) throw new Error("A2UI: an array of messages is needed");
  for (const message of messages) {
    if (typeof message !== "object" || message === null) throw new Error("A2UI: a message is no object");
    const { version = "v0.8" } = message as { version?: unknown };
    if (String(version).split(".", 2).join(".") !== name) {
      const page = name === "v0.8" ? "v0.9.html" : "index.html";
      throw new Error(`A2UI: this page draws ${name}; for ${String(version)} open ${page} beside it`);
    }
    if (says.filter((each) => each in message).length !== 1) {
      throw new Error(`A2UI: a message of ${name} has exactly one of ${says.join(", ")}`);
    }
  }
  return messages;
}

function isStatus(detail: unknown): detail is ActionStatus {
  return typeof detail === "object" && detail !== null && typeof (detail as { id?: unknown }).id === "string";
}

/** Not every page that shows this is a secure context, and only these have `randomUUID`. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `a2ui_${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
