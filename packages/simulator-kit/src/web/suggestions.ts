/** Commands and names that fit what is being typed. Arrow keys choose, Tab and Enter take. */
import { h } from "./dom.ts";
import type { Store } from "./store.ts";

interface Suggestion {
  readonly insert: string;
  readonly label: string;
  readonly hint: string;
}

const MOST = 24;

export class Suggestions {
  readonly element: HTMLElement;
  readonly #store: Store;
  readonly #input: HTMLTextAreaElement;
  readonly #changed: () => void;
  #shown: readonly Suggestion[] = [];
  #chosen = 0;
  #start = 0;
  #dismissed = "";

  constructor(store: Store, input: HTMLTextAreaElement, changed: () => void) {
    this.#store = store;
    this.#input = input;
    this.#changed = changed;
    this.element = h("ul", {
      class: "suggestions",
      attrs: { role: "listbox", id: "suggestions", "aria-label": "Suggestions", hidden: true },
    });
    input.setAttribute("aria-controls", "suggestions");
    input.setAttribute("aria-autocomplete", "list");
    input.addEventListener("blur", () => this.#show([]));
  }

  update(): void {
    const { value, selectionStart } = this.#input;
    const before = value.slice(0, selectionStart);
    const [word = "", mark = "", start = ""] = /(?:^|\s)([/@])([\w.-]*)$/.exec(before) ?? [];
    if (mark === "" || before === this.#dismissed || (mark === "/" && word !== before)) {
      this.#show([]);
      return;
    }
    this.#start = before.length - start.length - 1;
    this.#show(
      (mark === "/" ? this.#commands() : this.#names()).filter(({ insert }) =>
        insert.toLowerCase().startsWith(mark + start.toLowerCase()),
      ),
    );
  }

  /** Whether the key was meant for the list. */
  key(event: KeyboardEvent): boolean {
    if (this.#shown.length === 0) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const exact = this.#shown[this.#chosen]?.insert === this.#input.value;
    if (step !== undefined) {
      this.#chosen = (this.#chosen + step + this.#shown.length) % this.#shown.length;
      this.#render();
    } else if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey && !exact)) this.#take(this.#chosen);
    else if (event.key === "Escape") {
      this.#dismissed = this.#input.value.slice(0, this.#input.selectionStart);
      this.#show([]);
    } else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  #commands(): Suggestion[] {
    const { account, chats, open } = this.#store;
    const addressed = chats.get(open?.chat ?? "")?.addressed === true && account.handle !== undefined;
    const address = addressed ? `@${account.handle}` : "";
    return this.#store.commands.map(({ command, description }) => ({
      insert: `/${command}${address}`,
      label: `/${command}`,
      hint: description,
    }));
  }

  #names(): Suggestion[] {
    const { account, people, chats, open, person } = this.#store;
    const members = chats.get(open?.chat ?? "")?.members ?? [];
    const others = members.flatMap((id) => (id === person ? [] : (people.get(id) ?? [])));
    return [account, ...others].flatMap(({ name, handle }) =>
      handle === undefined ? [] : [{ insert: `@${handle}`, label: name, hint: `@${handle}` }],
    );
  }

  #show(suggestions: readonly Suggestion[]): void {
    this.#shown = suggestions.slice(0, MOST);
    this.#chosen = 0;
    this.#render();
  }

  #render(): void {
    this.element.hidden = this.#shown.length === 0;
    // The focus stays in the field; this is how readers of screens learn what is chosen.
    if (this.element.hidden) this.#input.removeAttribute("aria-activedescendant");
    else this.#input.setAttribute("aria-activedescendant", `suggestion-${this.#chosen}`);
    this.element.replaceChildren(
      ...this.#shown.map(({ label, hint }, index) =>
        h(
          "li",
          {
            attrs: {
              role: "option",
              id: `suggestion-${index}`,
              "aria-selected": String(index === this.#chosen),
            },
            // The field must keep the focus, or the list would go away before it was pressed.
            on: {
              pointerdown: (event) => {
                event.preventDefault();
                this.#take(index);
              },
            },
          },
          h("strong", {}, label),
          h("span", {}, hint),
        ),
      ),
    );
    this.element.children[this.#chosen]?.scrollIntoView({ block: "nearest" });
  }

  #take(index: number): void {
    const taken = this.#shown[index];
    if (!taken) return;
    this.#input.setRangeText(`${taken.insert} `, this.#start, this.#input.selectionStart, "end");
    this.#show([]);
    this.#changed();
    this.#input.focus();
  }
}
