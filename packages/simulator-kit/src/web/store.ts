/** What the page knows. Views read it and are told when it changed. */
import type {
  PaneAccount,
  PaneChat,
  PaneEvent,
  PaneForm,
  PaneLook,
  PaneMenuItem,
  PaneMessage,
  PanePerson,
  PaneState,
} from "../shared/protocol.ts";
import { loadSeen, saveSeen } from "./seen.ts";
import { fetchMessages, fetchState } from "./server.ts";

const TYPING_MS = 5000;
const DRAFT_MS = 30_000;

/** A place where messages are: a chat, or one of its threads. */
export interface Place {
  readonly chat: string;
  readonly thread?: string;
}

export const placeKey = ({ chat, thread }: Place): string => (thread === undefined ? chat : `${chat}/${thread}`);

interface Passing {
  readonly text: string;
  readonly until: number;
}

export class Store {
  look: PaneLook = { name: "" };
  account: PaneAccount = { id: "", name: "" };
  /** The person one plays never looked at a chat in this browser. */
  isNewcomer = true;
  people = new Map<string, PanePerson>();
  chats = new Map<string, PaneChat>();
  commands: PaneState["commands"] = [];
  reactions: readonly string[] = [];
  menu: readonly PaneMenuItem[] = [];
  /** Whom one plays. */
  person = "";
  open: Place | undefined;
  online = false;
  ready = false;
  /** Messages of the chats that were opened, in order. */
  readonly messages = new Map<string, Map<string, PaneMessage>>();
  /** Chats whose first message is on the page. */
  readonly complete = new Set<string>();
  readonly unread = new Map<string, number>();
  /** What the account is doing and what it is about to say, by place. */
  readonly typing = new Map<string, Passing>();
  readonly drafts = new Map<string, Passing>();
  /** Called with the answers to pressed controls. */
  onAnswer: (answer: Extract<PaneEvent, { kind: "answer" }>) => void = () => {};
  /** Called when the account opened a form for the person one plays. */
  onForm: (form: PaneForm) => void = () => {};
  /** Messages of chats that are being fetched. */
  readonly #arriving = new Map<string, PaneMessage[]>();
  #seen: Record<string, number> = {};
  #listeners: (() => void)[] = [];
  #pending = false;

  subscribe(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Views are told once, soon. */
  changed(): void {
    if (this.#pending) return;
    this.#pending = true;
    // Not an animation frame: those stand still while the page is hidden.
    setTimeout(() => this.#tell(), 0);
  }

  #tell(): void {
    this.#pending = false;
    for (const listener of this.#listeners) listener();
  }

  /** Reads everything anew, at the start and after the connection was away. */
  async load(): Promise<void> {
    const state = await fetchState();
    this.look = state.look;
    this.account = state.account;
    this.people = new Map(state.people.map((person) => [person.id, person]));
    this.chats = new Map(state.chats.map((chat) => [chat.id, chat]));
    this.commands = state.commands;
    this.reactions = state.reactions;
    this.menu = state.menu;
    for (const chat of this.messages.keys()) if (chat !== this.open?.chat) this.messages.delete(chat);
    this.complete.clear();
    if (this.person !== "") this.#countUnread();
    if (this.open) await this.#fetchChat(this.open.chat);
    this.ready = true;
    this.changed();
  }

  async loadChat(chat: string): Promise<void> {
    if (!this.messages.has(chat)) await this.#fetchChat(chat);
  }

  /** What happens while the messages are on their way may be missing in them, and is applied afterwards. */
  async #fetchChat(chat: string): Promise<void> {
    const meanwhile: PaneMessage[] = [];
    this.#arriving.set(chat, meanwhile);
    const messages = await fetchMessages(chat);
    if (this.#arriving.get(chat) !== meanwhile) return;
    this.#arriving.delete(chat);
    const known = new Map(messages.map((message) => [message.id, message]));
    this.messages.set(chat, known);
    if (messages.length === 0) this.complete.add(chat);
    for (const message of meanwhile) keepNewest(known, message);
    this.changed();
  }

  /** Reads what was before the oldest message on the page. */
  async loadEarlier(chat: string): Promise<void> {
    const known = this.messages.get(chat);
    const [oldest] = known?.values() ?? [];
    if (!known || oldest === undefined || this.complete.has(chat)) return;
    const earlier = await fetchMessages(chat, oldest.order);
    if (earlier.length === 0) this.complete.add(chat);
    this.messages.set(chat, new Map([...earlier.map((message) => [message.id, message] as const), ...known]));
    this.changed();
  }

  play(person: string): void {
    this.person = person;
    this.open = undefined;
    const seen = loadSeen(this.account.id, person);
    this.isNewcomer = seen === undefined;
    this.#seen = { ...seen };
    // Who comes for the first time has nothing unread, rather than everything.
    if (!seen) for (const chat of this.chats.values()) if (chat.last) this.#seen[chat.id] = chat.last.order;
    this.#countUnread();
    this.changed();
  }

  async show(place: Place | undefined): Promise<void> {
    this.open = place;
    // At once: what is typed from now on belongs to the new place.
    this.#tell();
    if (!place) return;
    await this.loadChat(place.chat);
    this.markRead();
  }

  /** The open place has been looked at. */
  markRead(): void {
    if (!this.open || document.visibilityState === "hidden") return;
    const { chat } = this.open;
    const last = this.chats.get(chat)?.last;
    if (last && this.#seen[chat] !== last.order) {
      this.#seen[chat] = last.order;
      saveSeen(this.account.id, this.person, this.#seen);
    }
    if (this.unread.delete(placeKey(this.open))) this.changed();
  }

  /** Chats of the person one plays, the latest first. */
  visibleChats(): PaneChat[] {
    const mine = [...this.chats.values()].filter(
      ({ members, successor }) => successor === undefined && members.includes(this.person),
    );
    return mine.sort((a, b) => (b.last?.at ?? 0) - (a.last?.at ?? 0) || (b.last?.order ?? 0) - (a.last?.order ?? 0));
  }

  /** Unread messages of a chat, over all its threads. */
  unreadIn(chat: PaneChat): number {
    const threads = (chat.threads ?? []).map(({ id }) => this.unread.get(placeKey({ chat: chat.id, thread: id })) ?? 0);
    return threads.reduce((sum, count) => sum + count, this.unread.get(chat.id) ?? 0);
  }

  /** Messages of a place, oldest first. */
  messagesIn({ chat, thread }: Place): PaneMessage[] {
    const { person } = this;
    const messages = [...(this.messages.get(chat)?.values() ?? [])].filter(
      ({ onlyFor }) => onlyFor === undefined || onlyFor === person,
    );
    return this.chats.get(chat)?.threads ? messages.filter((message) => message.thread === thread) : messages;
  }

  apply(events: readonly PaneEvent[]): void {
    for (const event of events) this.#apply(event);
    this.changed();
  }

  #apply(event: PaneEvent): void {
    switch (event.kind) {
      case "message":
        this.#applyMessage(event.message);
        break;
      case "chat":
        this.chats.set(event.chat.id, event.chat);
        this.people = new Map(event.people.map((person) => [person.id, person]));
        break;
      case "typing":
        this.#passing(this.typing, event, event.text ?? "", event.text === undefined ? 0 : TYPING_MS);
        break;
      case "draft":
        this.#passing(this.drafts, event, event.text, event.text === "" ? 0 : DRAFT_MS);
        break;
      case "answer":
        this.onAnswer(event);
        break;
      case "form":
        if (event.person === this.person) this.onForm(event.form);
        break;
      case "reload":
        void this.load();
    }
  }

  #applyMessage(message: PaneMessage): void {
    const { chat: id, thread } = message;
    const chat = this.chats.get(id);
    const known = this.messages.get(id);
    const isNew = !message.edited && !message.deleted && (chat?.last?.order ?? -1) < message.order;
    this.#arriving.get(id)?.push(message);
    if (known) keepNewest(known, message);
    if (chat && !message.deleted && (chat.last?.order ?? -1) <= message.order)
      this.chats.set(id, { ...chat, last: message });
    if (!isNew) return;
    const key = placeKey({ chat: id, ...(thread !== undefined && { thread }) });
    if (message.fromAccount) {
      this.drafts.delete(key);
      this.typing.delete(key);
    }
    if (message.from.id === this.person || !this.#concerns(message)) return;
    const open = this.open && placeKey(this.open) === key && document.visibilityState !== "hidden";
    if (!open) this.unread.set(key, (this.unread.get(key) ?? 0) + 1);
  }

  #concerns({ onlyFor }: PaneMessage): boolean {
    return onlyFor === undefined || onlyFor === this.person;
  }

  #passing(all: Map<string, Passing>, { chat, thread }: Place, text: string, ms: number): void {
    const key = placeKey({ chat, ...(thread !== undefined && { thread }) });
    if (ms === 0) {
      all.delete(key);
      return;
    }
    const until = Date.now() + ms;
    all.set(key, { text, until });
    setTimeout(() => {
      if (all.get(key)?.until !== until) return;
      all.delete(key);
      this.changed();
    }, ms);
  }

  #countUnread(): void {
    this.unread.clear();
    for (const { id, last } of this.chats.values()) {
      if (!last || last.from.id === this.person || last.order <= (this.#seen[id] ?? -1)) continue;
      this.unread.set(placeKey({ chat: id, ...(last.thread !== undefined && { thread: last.thread }) }), 1);
    }
  }
}

/** Applies a message's new form, unless it lies before what is on the page. */
function keepNewest(known: Map<string, PaneMessage>, message: PaneMessage): void {
  const last = [...known.values()].at(-1)?.order ?? -1;
  if (message.deleted) known.delete(message.id);
  else if (known.has(message.id) || message.order > last) known.set(message.id, message);
}
