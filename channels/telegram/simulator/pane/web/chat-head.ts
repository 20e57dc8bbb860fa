/** The bar above the messages: who one talks to, topics, and what one can do with the chat. */
import type { PaneChat } from "../shared/protocol.ts";
import { avatar, h, iconButton } from "./dom.ts";
import { showKept } from "./kept.ts";
import { ask, complain, type MenuItem, openMenu } from "./notices.ts";
import { act } from "./server.ts";
import { type Place, placeKey, type Store } from "./store.ts";

const actions: Readonly<Record<string, string>> = {
  typing: "typing",
  upload_photo: "sending a photo",
  upload_video: "sending a video",
  record_video: "recording a video",
  upload_voice: "sending a voice message",
  record_voice: "recording a voice message",
  upload_document: "sending a file",
  choose_sticker: "choosing a sticker",
  find_location: "choosing a location",
};

export class ChatHead {
  readonly element: HTMLElement;
  readonly #store: Store;
  readonly #who: HTMLElement;
  readonly #topics: HTMLElement;
  readonly #tabs: HTMLElement;

  constructor(store: Store) {
    this.#store = store;
    this.#who = h("div", { class: "who" });
    this.#tabs = h("div", {
      class: "topic-tabs",
      attrs: { role: "tablist", "aria-label": "Topics" },
      on: { keydown: walk },
    });
    const more = iconButton("plus", "New topic", () => {
      if (store.open) void this.#newTopic({ id: store.open.chat });
    });
    this.#topics = h("div", { class: "topics" }, this.#tabs, more);
    const back = iconButton("back", "Back to the chats", () => void store.show(undefined), "back");
    const menu = iconButton("menu", "Chat actions", () => this.#menu(menu));
    menu.setAttribute("aria-haspopup", "menu");
    this.element = h("header", { class: "head" }, h("div", { class: "head-row" }, back, this.#who, menu), this.#topics);
  }

  render(chat: PaneChat, place: Place): void {
    const { bot } = this.#store;
    const title = chat.kind === "private" ? bot.name : chat.title;
    const doing = this.#store.typing.get(placeKey(place))?.text;
    this.#who.replaceChildren(
      avatar(title, chat.kind === "private" ? bot.id : Number(chat.id)),
      h(
        "div",
        {},
        h("h2", {}, title),
        h(
          "p",
          { class: doing === undefined ? "" : "typing", attrs: { role: "status" } },
          doing === undefined
            ? this.#subtitle(chat)
            : `${chat.kind === "private" ? "" : `${bot.name} is `}${actions[doing] ?? "typing"}…`,
        ),
      ),
    );
    this.#topics.hidden = !chat.forum;
    if (chat.forum) this.#renderTopics(chat, place);
  }

  #subtitle(chat: PaneChat): string {
    if (!this.#store.online) return "connecting…";
    if (chat.kind === "private") return this.#store.people.get(this.#store.person)?.blocked ? "blocked" : "bot";
    const people = `${chat.members.length + (chat.botIn ? 1 : 0)} ${chat.kind === "channel" ? "subscribers" : "members"}`;
    return chat.botIn ? people : `${people}, without the bot`;
  }

  #renderTopics(chat: PaneChat, place: Place): void {
    const topics = [{ id: undefined, name: "General", closed: false, color: 0 }, ...chat.topics];
    const tabs = topics.map(({ id, name, closed, color }) => {
      const target: Place = { chat: chat.id, ...(id !== undefined && { thread: id }) };
      const unread = this.#store.unread.get(placeKey(target)) ?? 0;
      const chosen = place.thread === id;
      const dot = h("i", { class: "topic-dot", attrs: { "aria-hidden": "true" } });
      dot.style.background = id === undefined ? "currentColor" : `#${color.toString(16).padStart(6, "0")}`;
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
    const { open, person } = this.#store;
    const chat = open && this.#store.chats.get(open.chat);
    if (!chat) return;
    const { left, bottom } = button.getBoundingClientRect();
    openMenu(
      { x: left, y: bottom + 4 },
      chat.kind === "private" ? this.#privateItems(person) : this.#groupItems(chat, person),
    );
  }

  #privateItems(person: number): MenuItem[] {
    return this.#store.people.get(person)?.blocked
      ? [{ label: "Unblock the bot", run: () => this.#do(act({ kind: "unblock", person })) }]
      : [{ label: "Block the bot", danger: true, run: () => this.#do(act({ kind: "block", person })) }];
  }

  #groupItems({ id: chat, kind, botIn, forum }: PaneChat, person: number): MenuItem[] {
    return [
      { label: "Add a person…", run: () => void this.#invite(chat) },
      ...(forum ? [{ label: "New topic…", run: () => void this.#newTopic({ id: chat }) }] : []),
      ...(kind === "group"
        ? [{ label: "Make it a supergroup", run: () => this.#do(act({ kind: "migrate", chat }), true) }]
        : []),
      botIn
        ? { label: "Remove the bot", danger: true, run: () => this.#do(act({ kind: "remove-bot", person, chat })) }
        : { label: "Add the bot", run: () => this.#do(act({ kind: "add-bot", person, chat })) },
      { label: "Leave", danger: true, run: () => this.#do(act({ kind: "leave", person, chat })) },
    ];
  }

  async #invite(chat: string): Promise<void> {
    const answer = await ask({ title: "Add a person", fields: [{ name: "name", label: "Name" }], ok: "Add" });
    if (answer) this.#do(act({ kind: "invite", chat, name: answer.name ?? "" }));
  }

  async #newTopic({ id: chat }: Pick<PaneChat, "id">): Promise<void> {
    const answer = await ask({ title: "New topic", fields: [{ name: "name", label: "Name" }], ok: "Create" });
    if (answer) this.#do(act({ kind: "topic", person: this.#store.person, chat, name: answer.name ?? "" }), true);
  }

  /** `open`: shows what the action made. */
  #do(action: ReturnType<typeof act>, open = false): void {
    action
      .then(async ({ chat, message }) => {
        if (!open || chat === undefined) return;
        await this.#store.load();
        await this.#store.show({ chat, ...(message !== undefined && { thread: message }) });
      })
      .catch(complain);
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
