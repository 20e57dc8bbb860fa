/** One bot's Discord: people, servers, channels, messages, and what is on its way over the gateway. */
import {
  type AttachmentKind,
  type ConversationId,
  type Fault,
  type MessageId,
  type SimulatedMessage,
  SwitchboardError,
  type ThreadId,
} from "@switchboard/domain";
import {
  Bytes,
  Changes,
  type Counter,
  Counters,
  DeliveryQueue,
  Faults,
  History,
  type Journal,
  Pending,
  People,
  Typing,
} from "@switchboard/simulator-kit";
import type { APIEmoji, APIMessage, APIUser } from "discord-api-types/v10";
import { newKey } from "./endpoint.ts";
import { plainText, toRich } from "./pane/rich.ts";
import { userOf } from "./resources.ts";

export interface Person {
  readonly name: string;
  readonly user: APIUser;
}

export interface Channel {
  readonly id: string;
  /** Discord's number: 0 text, 1 direct, 5 announcements, 11 thread. */
  readonly type: number;
  readonly name: string;
  readonly guild?: string;
  readonly parent?: string;
  /** Ids of the people who are in it; of a thread its parent's count. */
  members: string[];
}

export interface Message {
  readonly wire: APIMessage;
  readonly fromBot: boolean;
  edits: number;
  deleted: boolean;
  /** The only person who sees it. */
  readonly onlyFor?: string;
  /** Emoji to the ids of those who reacted. */
  readonly reactions: Record<string, string[]>;
}

export interface Stored {
  readonly id: string;
  readonly name: string;
  readonly mimeType: string;
  readonly kind: AttachmentKind;
}

export interface Interaction {
  readonly id: string;
  readonly token: string;
  readonly type: number;
  readonly person: Person;
  readonly channel: Channel;
  readonly message?: Message;
  /** When it happened. */
  readonly at: number;
  /** What was suggested. */
  choices?: readonly string[];
  /** The message of the first answer. */
  original?: Message;
  ephemeral: boolean;
  responded: boolean;
}

export type Change =
  | { readonly kind: "message"; readonly message: Message }
  | { readonly kind: "channel"; readonly channel: Channel }
  | { readonly kind: "typing"; readonly channel: Channel; readonly on: boolean }
  | { readonly kind: "answer"; readonly query: string; readonly text?: string }
  | { readonly kind: "form"; readonly person: Person; readonly form: FormShown };

export interface FormShown {
  readonly id: string;
  readonly title: string;
  readonly customId: string;
  readonly fields: readonly {
    readonly name: string;
    readonly label: string;
    readonly long: boolean;
    readonly optional: boolean;
  }[];
}

export interface Command {
  readonly name: string;
  readonly description: string;
  readonly type?: number;
  readonly options?: readonly { readonly name: string }[];
}

const EPOCH = 1_420_070_400_000;
const HISTORY = 2_000;
const BYTES = 200 * 1024 * 1024;
const LOADING = 1 << 7;
const INTERACTION_MS = 15 * 60_000;

interface Kept {
  readonly privateKey: string;
  readonly token: string;
  readonly user: APIUser;
}

export class World {
  readonly name: string;
  readonly url: () => string;
  readonly token: string;
  /** Signs interactions over HTTP. */
  readonly privateKey: string;
  /** Where interactions go instead of the gateway. */
  endpoint: string | undefined;
  readonly bot: APIUser;
  readonly journal: Journal;
  readonly people: People<Person>;
  readonly channels = new Map<string, Channel>();
  readonly history: History<Message>;
  readonly bytes: Bytes;
  readonly files = new Map<string, Stored>();
  readonly queue: DeliveryQueue;
  readonly faults = new Faults();
  readonly changes = new Changes<Change>();
  readonly typing: Typing<Channel>;
  interactions = new Pending<Interaction>(INTERACTION_MS);
  /** Ids of interactions that have not heard a first word. */
  readonly unconfirmed = new Set<string>();
  readonly byMessage = new Map<string, Message>();
  commands: readonly Command[] = [];
  registrations = 0;
  /** The newest calls of the API. */
  readonly calls: { readonly method: string; readonly path: string; readonly json: unknown }[] = [];
  online = false;
  session: string | undefined;
  /** No bot was ever there. */
  isNew: boolean;
  /** Called when something is on its way to the bot. */
  deliver: (again?: readonly string[]) => void = () => {};
  /** As tests see messages; what is asked for again and again is worked out once. */
  readonly #shown = new WeakMap<Message, SimulatedMessage>();
  readonly #byNonce = new Map<string, Message>();
  readonly #recent: string[] = [];
  readonly #counters: Counters;
  readonly #ids: Counter;

  constructor(name: string, journal: Journal, index: number, url: () => string, history = HISTORY) {
    this.name = name;
    this.url = url;
    this.journal = journal;
    this.#counters = new Counters(journal);
    this.#ids = this.#counters.open("snowflake", 1 + index * 100_000);
    const [kept] = journal.load("account");
    const known = kept?.value as Kept | undefined;
    this.bot = known?.user ?? userOf(this.nextId(), name.toLowerCase().replace(/\W+/g, "-"), name, true);
    this.token = known?.token ?? tokenOf(this.bot.id);
    this.privateKey = known?.privateKey ?? newKey();
    if (!known) {
      journal.put("account", "self", () => ({ privateKey: this.privateKey, token: this.token, user: this.bot }));
    }
    this.people = new People<Person>({
      journal,
      numbers: this.#counters.open("person", 1),
      make: (person, number) => ({
        name: person,
        user: userOf(this.nextId(), `${person.toLowerCase().replace(/\W+/g, "_")}${number}`, person, false),
      }),
      idOf: (person) => person.user.id,
    });
    for (const { value } of journal.load("channel")) this.#note(value as Channel);
    for (const { key, value } of journal.load("file")) this.files.set(key, value as Stored);
    this.commands = (journal.load("commands")[0]?.value as Command[] | undefined) ?? [];
    this.session = journal.load("session")[0]?.value as string | undefined;
    this.isNew = journal.load("met").length === 0;
    this.bytes = new Bytes(journal, BYTES);
    this.history = new History<Message>({
      journal,
      limit: history,
      keyOf: ({ wire }) => wire.id,
      pack: (message) => message,
      unpack: (value) => value as Message,
      onAdd: (message) => {
        this.byMessage.set(message.wire.id, message);
        if (message.fromBot && message.wire.nonce !== undefined) this.#byNonce.set(String(message.wire.nonce), message);
      },
      onForget: ({ wire }) => {
        this.byMessage.delete(wire.id);
        if (wire.nonce !== undefined) this.#byNonce.delete(String(wire.nonce));
      },
    });
    this.queue = new DeliveryQueue(journal, this.#counters.open("sequence", 1));
    this.typing = new Typing<Channel>(10_000, ({ action, chat }) =>
      this.changes.tell({ kind: "typing", channel: chat, on: action !== undefined }),
    );
    journal.flush();
  }

  close(): void {
    this.#counters.settle();
    this.journal.flush();
  }

  nextId(): string {
    return String((BigInt(Date.now() - EPOCH) << 22n) | BigInt(this.#ids.next() & 0x3fffff));
  }

  #note(channel: Channel): void {
    this.channels.set(channel.id, channel);
  }

  keep(channel: Channel): Channel {
    this.#note(channel);
    this.journal.put("channel", channel.id, () => channel);
    this.changes.tell({ kind: "channel", channel });
    return channel;
  }

  keepSession(session: string | undefined): void {
    this.session = session;
    if (session === undefined) this.journal.drop("session", "self");
    else this.journal.put("session", "self", () => session);
    if (!this.isNew) return;
    this.isNew = false;
    this.journal.put("met", "self", () => true);
  }

  thinking(): number {
    return [...this.history.all()].filter(({ deleted, wire }) => !deleted && ((wire.flags ?? 0) & LOADING) !== 0)
      .length;
  }

  noteCall(method: string, path: string, json: unknown): void {
    this.calls.push({ method, path, json });
    if (this.calls.length > 100) this.calls.splice(0, 50);
  }

  expireInteractions(): void {
    this.interactions = new Pending<Interaction>(INTERACTION_MS);
  }

  keepCommands(commands: readonly Command[]): void {
    this.commands = commands;
    this.registrations += 1;
    this.journal.put("commands", "self", () => commands);
  }

  /** The person's direct channel with the bot. */
  direct(person: Person): Channel {
    const known = [...this.channels.values()].find(
      ({ members, type }) => type === 1 && members.includes(person.user.id),
    );
    return known ?? this.keep({ id: this.nextId(), type: 1, name: person.name, members: [person.user.id] });
  }

  channel(id: string): Channel {
    const found = this.channels.get(id);
    if (!found) throw new SwitchboardError("REQ_002", `There is no channel ${id}`);
    return found;
  }

  message(id: string): Message {
    const found = this.byMessage.get(id);
    if (!found || found.deleted) throw new SwitchboardError("REQ_002", `There is no message ${id}`);
    return found;
  }

  /** Those who read a channel. */
  readers(channel: Channel): string[] {
    return channel.parent === undefined ? channel.members : this.channel(channel.parent).members;
  }

  dispatch(t: string, d: object, channel?: Channel): void {
    const where = channel?.guild === undefined ? {} : { guild_id: channel.guild };
    this.queue.push("gateway", (s) => {
      const body = JSON.stringify({ op: 0, t, s, d: { ...d, ...where } });
      if (t !== "READY") this.#recent.push(body);
      if (this.#recent.length > 1_000) this.#recent.splice(0, 500);
      return body;
    });
    this.deliver();
  }

  redeliver(count: number): void {
    this.deliver(this.#recent.slice(-count));
  }

  /** As the gateway and the API show a message of a server: with who its author is there. */
  dispatchMessage(t: "MESSAGE_CREATE" | "MESSAGE_UPDATE", { wire }: Message, channel: Channel): void {
    const member = channel.guild === undefined ? {} : { member: { roles: [], nick: null, flags: 0 } };
    this.dispatch(t, { ...wire, ...member }, channel);
  }

  post(input: {
    readonly channel: Channel;
    readonly author: APIUser;
    readonly wire: Partial<APIMessage>;
    readonly onlyFor?: string;
  }): Message {
    const { author, channel, onlyFor, wire } = input;
    const message: Message = {
      wire: {
        id: this.nextId(),
        channel_id: channel.id,
        author,
        content: "",
        timestamp: new Date().toISOString(),
        edited_timestamp: null,
        tts: false,
        mention_everyone: false,
        mentions: [],
        mention_roles: [],
        attachments: [],
        embeds: [],
        pinned: false,
        type: 0,
        flags: 0,
        components: [],
        ...wire,
      } as APIMessage,
      fromBot: author.id === this.bot.id,
      edits: 0,
      deleted: false,
      reactions: {},
      ...(onlyFor !== undefined && { onlyFor }),
    };
    this.history.add(message);
    if (message.fromBot) this.typing.stop(channel);
    if (onlyFor === undefined) this.dispatchMessage("MESSAGE_CREATE", message, channel);
    this.changes.tell({ kind: "message", message });
    return message;
  }

  change(message: Message, wire: Partial<APIMessage>, isEdit = true): void {
    Object.assign(message.wire, wire, isEdit && { edited_timestamp: new Date().toISOString() });
    if (isEdit) message.edits += 1;
    this.#shown.delete(message);
    this.history.keep(message);
    if (message.onlyFor === undefined) {
      this.dispatchMessage("MESSAGE_UPDATE", message, this.channel(message.wire.channel_id));
    }
    this.changes.tell({ kind: "message", message });
  }

  remove(message: Message): void {
    message.deleted = true;
    this.#shown.delete(message);
    this.history.keep(message);
    const channel = this.channel(message.wire.channel_id);
    if (message.onlyFor === undefined) {
      this.dispatch("MESSAGE_DELETE", { id: message.wire.id, channel_id: channel.id }, channel);
    }
    this.changes.tell({ kind: "message", message });
  }

  react(user: APIUser, message: Message, emoji: string): void {
    const by = message.reactions[emoji] ?? [];
    const has = by.includes(user.id);
    message.reactions[emoji] = has ? by.filter((id) => id !== user.id) : [...by, user.id];
    this.history.keep(message);
    const channel = this.channel(message.wire.channel_id);
    const shown: Partial<APIEmoji> = { id: null, name: emoji };
    const data = {
      user_id: user.id,
      channel_id: channel.id,
      message_id: message.wire.id,
      emoji: shown,
      burst: false,
      type: 0,
      ...(channel.guild !== undefined && { member: { user, roles: [] } }),
    };
    this.dispatch(has ? "MESSAGE_REACTION_REMOVE" : "MESSAGE_REACTION_ADD", data, channel);
    this.changes.tell({ kind: "message", message });
  }

  inject(fault: Fault): void {
    this.faults.add(fault);
  }

  sent(conversation?: ConversationId): SimulatedMessage[] {
    return [...this.history.all()]
      .filter((message) => isSaid(message))
      .map((message) => this.simulated(message))
      .filter((message) => conversation === undefined || message.conversation === conversation);
  }

  /** The account's message with that nonce. */
  byNonce(nonce: string): Message | undefined {
    return this.#byNonce.get(nonce);
  }

  simulated(message: Message): SimulatedMessage {
    const known = this.#shown.get(message);
    if (known) return known;
    const shown = this.#simulate(message);
    this.#shown.set(message, shown);
    return shown;
  }

  #simulate(message: Message): SimulatedMessage {
    const { wire } = message;
    const channel = this.channel(wire.channel_id);
    const reply = wire.message_reference?.message_id;
    return {
      id: wire.id as MessageId,
      conversation: (channel.parent ?? channel.id) as ConversationId,
      ...(channel.parent !== undefined && { thread: channel.id as ThreadId }),
      text: plainText(toRich(wire.content, this)),
      controls: controlsOf(wire),
      attachments: wire.attachments.flatMap(({ id }) => {
        const file = this.files.get(id);
        const bytes = this.bytes.get(id);
        if (!file || !bytes) return [];
        return [{ kind: file.kind, fileName: file.name, mimeType: file.mimeType, bytes }];
      }),
      ...(reply !== undefined && { replyTo: reply as MessageId }),
      at: Date.parse(wire.timestamp),
      edits: message.edits,
      deleted: message.deleted,
    };
  }

  /** Keeps a file and gives it as Discord shows it. */
  addFile(channel: Channel, name: string, mimeType: string, bytes: Uint8Array, kind?: AttachmentKind) {
    const id = this.nextId();
    const stored: Stored = { id, name, mimeType, kind: kind ?? kindOf(mimeType) };
    this.files.set(id, stored);
    this.journal.put("file", id, () => stored);
    this.bytes.put(id, bytes);
    const url = `${this.url()}/attachments/${channel.id}/${id}/${encodeURIComponent(name)}`;
    return { id, filename: name, size: bytes.byteLength, url, proxy_url: url, content_type: mimeType };
  }
}

function kindOf(mimeType: string): AttachmentKind {
  const [family] = mimeType.split("/", 1);
  return family === "image" || family === "video" || family === "audio" ? family : "document";
}

interface ControlLike {
  readonly label?: string;
  readonly url?: string;
  readonly options?: readonly { readonly label: string }[];
}

function controlsOf(wire: APIMessage): { label: string; url?: string }[][] {
  return (wire.components ?? []).map((row) =>
    ((row as { readonly components?: readonly ControlLike[] }).components ?? []).flatMap(({ label, options, url }) =>
      options ? options.map((option) => ({ label: option.label })) : [{ label: label ?? "", ...(url && { url }) }],
    ),
  );
}

/** Three parts, as Discord's are: the bot's id, a time, a secret. */
function tokenOf(id: string): string {
  const secret = Array.from(crypto.getRandomValues(new Uint8Array(28)), (byte) => "abcdefghijklmnop"[byte % 16]).join(
    "",
  );
  return `${Buffer.from(id).toString("base64url")}.GsimUL.${secret}`;
}

/** Of the bot, and more than that an answer will come. */
export function isSaid({ fromBot, wire }: Message): boolean {
  return fromBot && ((wire.flags ?? 0) & LOADING) === 0;
}
