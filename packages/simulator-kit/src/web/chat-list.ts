/** The left side: whom one plays, and that person's chats. */
import type { PaneChat, PaneMessage } from "../shared/protocol.ts";
import { avatar, h, iconButton, timeOf } from "./dom.ts";
import { showKept } from "./kept.ts";
import { menuItems } from "./menus.ts";
import { ask, complain, openMenu } from "./notices.ts";
import { act } from "./server.ts";
import type { Store } from "./store.ts";

export class ChatList {
  readonly element: HTMLElement;
  readonly #store: Store;
  readonly #picker: HTMLSelectElement;
  readonly #status: HTMLElement;
  readonly #list: HTMLElement;

  constructor(store: Store) {
    this.#store = store;
    this.#picker = h("select", {
      attrs: { "aria-label": "Whom you play" },
      on: { change: () => void this.#pick() },
    });
    this.#status = h("p", { class: "status", attrs: { role: "status" } });
    this.#list = h("ul", { class: "chats", attrs: { "aria-label": "Chats" } });
    const menu = iconButton("menu", "New chat or person", () => this.#menu(menu));
    menu.setAttribute("aria-haspopup", "menu");
    this.element = h(
      "nav",
      { class: "side", attrs: { "aria-label": "Chat list" } },
      h("header", {}, h("label", { class: "picker" }, h("span", {}, "You are"), this.#picker), menu),
      this.#status,
      this.#list,
    );
    this.#list.addEventListener("keydown", (event) => this.#move(event));
  }

  render(): void {
    const store = this.#store;
    const { people, person } = store;
    showKept(this.#picker, [
      ...[...people.values()].map(({ id, name }) => h("option", { attrs: { value: id, "data-key": id } }, name)),
      h("option", { attrs: { value: "new", "data-key": "new" } }, "New person…"),
    ]);
    this.#picker.value = String(person);
    this.#status.textContent = store.online ? "" : "Connecting…";
    // Moving an element takes its focus away.
    const focused = document.activeElement?.closest<HTMLElement>("[data-chat]")?.dataset.chat;
    showKept(
      this.#list,
      store.visibleChats().map((chat) => this.#row(chat)),
    );
    if (focused !== undefined) this.#list.querySelector<HTMLElement>(`[data-chat="${focused}"]`)?.focus();
  }

  #row(chat: PaneChat): HTMLElement {
    const store = this.#store;
    const { title } = chat;
    const unread = store.unreadIn(chat);
    const open = store.open?.chat === chat.id;
    const button = h(
      "button",
      {
        class: "chat-row",
        attrs: { type: "button", "data-chat": chat.id, title, "aria-current": open ? "true" : undefined },
        on: { click: () => void store.show({ chat: chat.id }).catch(complain) },
      },
      avatar(title, pictureSeed(store, chat)),
      h(
        "span",
        { class: "chat-facts" },
        h(
          "span",
          { class: "chat-top" },
          h("span", { class: "chat-title" }, title),
          chat.last && h("time", {}, timeOf(chat.last.at)),
        ),
        h(
          "span",
          { class: "chat-bottom" },
          this.#gist(chat),
          unread > 0 && h("span", { class: "badge", attrs: { "aria-label": `${unread} unread` } }, String(unread)),
        ),
      ),
    );
    return h("li", { attrs: { "data-key": chat.id } }, button);
  }

  #gist(chat: PaneChat): HTMLElement {
    const busy = [...this.#store.typing.keys()].some((key) => key === chat.id || key.startsWith(`${chat.id}/`));
    if (busy) return h("span", { class: "gist typing" }, "typing…");
    if (!chat.last) return h("span", { class: "gist" }, "Nothing said yet");
    const { last } = chat;
    if (last.onlyFor !== undefined && last.onlyFor !== this.#store.person) return h("span", { class: "gist" });
    const who = last.service !== undefined || chat.kind === "direct" ? "" : `${last.from.name.split(" ")[0]}: `;
    return h(
      "span",
      { class: "gist" },
      `${last.from.id === this.#store.person && last.service === undefined ? "You: " : who}${gistOf(last)}`,
    );
  }

  #move(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    const rows = [...this.#list.querySelectorAll<HTMLElement>(".chat-row")];
    const index = rows.findIndex((row) => row.matches(":focus"));
    rows[index + step]?.focus();
    event.preventDefault();
  }

  async #pick(): Promise<void> {
    const { value } = this.#picker;
    const person = this.#store.people.get(value);
    // At once: what is clicked next is that person's doing.
    if (person) this.#store.play(person.id);
    else this.render();
    if (!person) await this.#newPerson();
    else if (!this.#store.visibleChats().some(({ kind }) => kind === "direct")) await this.#meet(person.name);
  }

  async #newPerson(): Promise<void> {
    const answer = await ask({
      title: "New person",
      fields: [{ name: "name", label: "Name", placeholder: "Ada Lovelace" }],
      ok: "Create",
    });
    const person = answer && (await this.#meet(answer.name ?? ""));
    if (person !== undefined) this.#store.play(person);
  }

  /** Gives somebody, who may be new, a chat with the account. Returns who it is. */
  async #meet(name: string): Promise<string | undefined> {
    let met: string | undefined;
    await this.#do(async () => {
      met = (await act({ kind: "person", name })).person;
      await this.#store.load();
    });
    return met;
  }

  #menu(button: HTMLElement): void {
    const { left, bottom } = button.getBoundingClientRect();
    openMenu({ x: left, y: bottom + 4 }, [
      ...menuItems(this.#store, this.#store.menu),
      { label: "New person…", run: () => void this.#newPerson() },
    ]);
  }

  async #do(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      complain(error);
    }
  }
}

/** A direct chat shows the account's picture. */
export function pictureSeed({ account }: Store, { kind, id }: PaneChat): string {
  return kind === "direct" ? account.id : id;
}

const kindNames = {
  image: "🖼 Photo",
  video: "🎬 Video",
  audio: "🎵 Audio",
  voice: "🎤 Voice message",
  document: "📄 File",
  sticker: "Sticker",
} as const;

/** One line about a message. */
export function gistOf(message: PaneMessage): string {
  if (message.service !== undefined) return message.service;
  const [media] = message.media ?? [];
  if (media) {
    const kind = media.kind === "document" ? `📄 ${media.name ?? "File"}` : kindNames[media.kind];
    return message.text === "" ? kind : `${kind}, ${message.text}`;
  }
  return message.text === "" ? (message.cards?.[0]?.title ?? "Message") : message.text;
}
