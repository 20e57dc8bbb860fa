/** The right side: one chat's head, its messages, and what one can do with them. */
import type { PaneAction, PaneButton, PaneChat, PaneMessage, PaneSelect } from "../shared/protocol.ts";
import { type BubbleContext, bubble } from "./bubble.ts";
import { ChatHead } from "./chat-head.ts";
import { Composer } from "./composer.ts";
import { dayOf, h, iconButton } from "./dom.ts";
import { reconcile } from "./kept.ts";
import { menuItems } from "./menus.ts";
import { alertBox, complain, copyText, openMenu, toast } from "./notices.ts";
import { richText } from "./rich-text.ts";
import { act } from "./server.ts";
import { placeKey, type Store } from "./store.ts";

/** Messages of one sender this close to each other are shown as one group. */
const GROUP_MS = 5 * 60_000;
/** How long a pressed button waits for an answer. */
const PRESS_MS = 15_000;
/** This close to the end counts as being there, in pixels. */
const NEAR_END = 80;
/** So many reactions are offered without looking for them. */
const QUICK = 7;

export class Conversation {
  readonly element: HTMLElement;
  readonly #store: Store;
  readonly #head: ChatHead;
  readonly #list: HTMLElement;
  readonly #end: HTMLButtonElement;
  readonly #composer: Composer;
  readonly #pressed = new Map<string, () => void>();
  /** Elements by message, with what they were made from. */
  readonly #made = new Map<string, { readonly from: string; readonly element: HTMLElement }>();
  #place = "";
  #atEnd = true;
  #top = 0;
  /** `order` of the first message on the page. */
  #oldest: number | undefined;

  constructor(store: Store) {
    this.#store = store;
    this.#head = new ChatHead(store);
    this.#composer = new Composer(store);
    this.#list = h("div", {
      class: "messages",
      attrs: { role: "log", "aria-label": "Messages", "aria-live": "polite", tabindex: 0 },
      on: { scroll: () => this.#scrolled() },
    });
    this.#end = iconButton("down", "To the newest message", () => this.#toEnd(true), "to-end");
    this.#list.addEventListener("keydown", (event) => this.#move(event));
    // Pictures that load and a keyboard that opens must not push the newest message out of sight.
    const keepEnd = (): void => {
      if (this.#atEnd) this.#toEnd(false);
    };
    new ResizeObserver(keepEnd).observe(this.#list);
    this.#list.addEventListener("load", keepEnd, true);
    this.element = h(
      "section",
      { class: "conversation", attrs: { "aria-label": "Chat" } },
      this.#head.element,
      h("div", { class: "message-area" }, this.#list, this.#end),
      this.#composer.element,
    );
    store.onAnswer = (answer) => {
      this.#pressed.get(answer.query)?.();
      if (answer.text === undefined) return;
      if (answer.alert) void alertBox(store.account.name, answer.text);
      else toast(answer.text);
    };
  }

  render(): void {
    const { open } = this.#store;
    const chat = open && this.#store.chats.get(open.chat);
    this.element.classList.toggle("empty", !chat);
    if (!open || !chat) {
      this.#place = "";
      return;
    }
    const key = placeKey(open);
    if (key !== this.#place) {
      this.#place = key;
      this.#made.clear();
      this.#oldest = undefined;
      this.#atEnd = true;
    }
    this.#head.render(chat, open);
    this.#renderMessages(chat);
    this.#composer.render(chat, open);
    if (this.#atEnd) {
      this.#toEnd(false);
      this.#store.markRead();
    }
  }

  #renderMessages(chat: PaneChat): void {
    const { open } = this.#store;
    if (!open) return;
    const messages = this.#store.messagesIn(open);
    const height = this.#list.scrollHeight;
    const top = this.#list.scrollTop;
    const oldestBefore = this.#oldest;
    const nodes: Node[] = [];
    let before: PaneMessage | undefined;
    for (const message of messages) {
      if (!before || dayOf(before.at) !== dayOf(message.at)) {
        nodes.push(h("div", { class: "service day" }, h("span", {}, dayOf(message.at))));
      }
      const element = this.#element(message, chat);
      element.classList.toggle("first", !isGrouped(before, message));
      nodes.push(element);
      before = message;
    }
    for (const [index, node] of nodes.entries()) {
      if (!(node instanceof HTMLElement) || !node.matches(".message")) continue;
      const next = nodes[index + 1];
      node.classList.toggle("last", !(next instanceof HTMLElement) || !next.matches(".message:not(.first)"));
    }
    nodes.push(...this.#passing());
    if (messages.length === 0) nodes.push(h("p", { class: "nothing" }, "No messages here yet"));
    reconcile(this.#list, nodes);
    const gone = new Set(this.#made.keys());
    for (const { id } of messages) gone.delete(id);
    for (const id of gone) this.#made.delete(id);
    // What was looked at stays where it was when earlier messages come in above it.
    const [oldest] = messages;
    this.#oldest = oldest?.order;
    if (!this.#atEnd && oldest && oldestBefore !== undefined && oldest.order < oldestBefore) {
      this.#list.scrollTop = top + this.#list.scrollHeight - height;
    }
  }

  /** What the account is about to say. */
  #passing(): Node[] {
    const { open, drafts, typing } = this.#store;
    const key = open ? placeKey(open) : "";
    const draft = drafts.get(key);
    if (draft) {
      const text = h("div", { class: "text" }, richText([draft.text], this.#context(false)));
      return [
        h(
          "article",
          { class: "message first last draft" },
          h("div", { class: "message-column" }, h("div", { class: "bubble" }, text)),
        ),
      ];
    }
    if (!typing.has(key)) return [];
    const dots = h("div", { class: "bubble dots", attrs: { "aria-hidden": "true" } }, h("i"), h("i"), h("i"));
    return [h("article", { class: "message first last" }, h("div", { class: "message-column" }, dots))];
  }

  #element(message: PaneMessage, chat: PaneChat): HTMLElement {
    const from = JSON.stringify([message, this.#store.person]);
    const known = this.#made.get(message.id);
    if (known?.from === from) return known.element;
    const element = bubble(message, this.#context(chat.kind === "group", message));
    const focused = known?.element.contains(document.activeElement);
    this.#made.set(message.id, { from, element });
    if (known) known.element.replaceWith(element);
    if (focused) element.focus({ preventScroll: true });
    return element;
  }

  #context(group: boolean, message?: PaneMessage): BubbleContext {
    const { person } = this.#store;
    return {
      mine: message?.from.id === person,
      group,
      person,
      layout: this.#store.look.layout ?? "bubbles",
      replies: !this.#store.look.without?.includes("reply"),
      onPress: (pressed, button, element) => void this.#press(pressed, button, element),
      onSelect: (of, select, values, element) => void this.#select(of, select, values, element),
      onReact: (reacted, emoji) => void this.#react(reacted, emoji),
      onMenu: (of, at) => this.#menu(of, at),
      onReply: (to) => this.#composer.replyTo(to),
      onJump: (id) => this.#jump(id),
      onCommand: (command) => this.#composer.send(command),
    };
  }

  async #press(message: PaneMessage, button: PaneButton, element: HTMLElement): Promise<void> {
    if (button.copy !== undefined) {
      await copyText(button.copy);
      return;
    }
    if (button.url !== undefined) {
      window.open(button.url, "_blank", "noreferrer,noopener");
      return;
    }
    const { person } = this.#store;
    const { label } = button;
    await this.#wait(element, { kind: "press", person, chat: message.chat, message: message.id, label });
  }

  async #select(
    of: PaneMessage,
    { label }: PaneSelect,
    values: readonly string[],
    element: HTMLElement,
  ): Promise<void> {
    const { person } = this.#store;
    await this.#wait(element, { kind: "select", person, chat: of.chat, message: of.id, label, values });
  }

  /** Shows that a control waits until the account has answered. */
  async #wait(element: HTMLElement, action: PaneAction): Promise<void> {
    element.classList.add("waiting");
    element.setAttribute("aria-busy", "true");
    const done = (): void => {
      element.classList.remove("waiting");
      element.removeAttribute("aria-busy");
    };
    try {
      const { query } = await act(action);
      if (query === undefined) return done();
      const settle = (): void => {
        this.#pressed.delete(query);
        done();
      };
      this.#pressed.set(query, settle);
      setTimeout(settle, PRESS_MS);
    } catch (error) {
      done();
      complain(error);
    }
  }

  async #react(message: PaneMessage, emoji: string): Promise<void> {
    const { person } = this.#store;
    await act({ kind: "react", person, chat: message.chat, message: message.id, emoji }).catch(complain);
  }

  #menu(message: PaneMessage, at: { x: number; y: number }): void {
    const mine = message.from.id === this.#store.person;
    const { look, reactions } = this.#store;
    const offered = reactions.slice(0, QUICK);
    const can = (what: "edit" | "reply") => !look.without?.includes(what);
    const row = h(
      "div",
      { class: "quick-reactions" },
      ...offered.map((emoji) =>
        h(
          "button",
          {
            attrs: { type: "button", "aria-label": `React ${emoji}` },
            on: { click: () => void this.#react(message, emoji) },
          },
          emoji,
        ),
      ),
    );
    openMenu(
      at,
      [
        ...(can("reply") ? [{ label: "Reply", run: () => this.#composer.replyTo(message) }] : []),
        ...(can("edit") && mine && (message.text !== "" || message.media)
          ? [{ label: "Edit", run: () => this.#composer.edit(message) }]
          : []),
        ...(message.text === ""
          ? []
          : [
              {
                label: "Copy text",
                run: () => void copyText(message.text),
              },
            ]),
        ...menuItems(this.#store, message.menu ?? [], { chat: message.chat, message: message.id }),
      ],
      row,
    );
  }

  #jump(id: string): void {
    const element = this.#made.get(id)?.element;
    if (!element) {
      toast(`The message is not loaded; scroll up to find it`);
      return;
    }
    element.scrollIntoView({ block: "center" });
    element.classList.add("found");
    setTimeout(() => element.classList.remove("found"), 1500);
  }

  /** Arrow keys go from message to message; Enter opens the menu, R replies. */
  #move(event: KeyboardEvent): void {
    const { target } = event;
    if (!(target instanceof HTMLElement) || target.closest("button, a, audio, video")) return;
    const messages = [...this.#list.querySelectorAll<HTMLElement>(".message[data-id]")];
    const index = messages.findIndex((element) => element.matches(":focus"));
    const message = this.#messageAt(messages[index]);
    if (event.key === "ArrowUp") (messages[index - 1] ?? messages.at(index < 0 ? -1 : 0))?.focus();
    else if (event.key === "ArrowDown") messages[index + 1]?.focus();
    else if (message && event.key === "Enter") {
      const { left, top } = messages[index]?.getBoundingClientRect() ?? { left: 0, top: 0 };
      this.#menu(message, { x: left + 24, y: top + 24 });
    } else if (message && event.key.toLowerCase() === "r" && !event.ctrlKey && !event.metaKey)
      this.#composer.replyTo(message);
    else return;
    event.preventDefault();
  }

  #messageAt(element: HTMLElement | undefined): PaneMessage | undefined {
    const { open } = this.#store;
    return open && this.#store.messages.get(open.chat)?.get(element?.dataset.id ?? "");
  }

  #scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.#list;
    // Growing content also moves the end away; only somebody who scrolls up wants to be left there.
    if (scrollHeight - scrollTop - clientHeight < NEAR_END) this.#atEnd = true;
    else if (scrollTop < this.#top) this.#atEnd = false;
    this.#top = scrollTop;
    this.#end.hidden = this.#atEnd;
    if (this.#atEnd) this.#store.markRead();
    const { open } = this.#store;
    if (scrollTop < 200 && open) void this.#store.loadEarlier(open.chat).catch(complain);
  }

  #toEnd(smoothly: boolean): void {
    this.#list.scrollTo({ top: this.#list.scrollHeight, behavior: smoothly ? "smooth" : "instant" });
    this.#end.hidden = true;
  }
}

function isGrouped(before: PaneMessage | undefined, message: PaneMessage): boolean {
  return (
    before !== undefined &&
    before.service === undefined &&
    before.from.id === message.from.id &&
    message.at - before.at < GROUP_MS &&
    dayOf(before.at) === dayOf(message.at)
  );
}
