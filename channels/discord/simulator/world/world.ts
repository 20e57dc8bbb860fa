/** One bot's Discord: people, servers, channels, messages, and what is on its way over the gateway. */
import { type Fault, type SimulatedMessage, SwitchboardError } from "@switchboard/domain";
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
import type { APIUser } from "discord-api-types/v10";
import { newKey, tokenOf } from "./keys.ts";
import {
  type Change,
  type Channel,
  type Command,
  type Interaction,
  LOADING,
  type Message,
  type Person,
  type Stored,
} from "./types.ts";
import { userOf } from "./users.ts";

const EPOCH = 1_420_070_400_000;
const HISTORY = 2_000;
const BYTES = 200 * 1024 * 1024;
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
  /** As tests see messages. */
  readonly shown = new WeakMap<Message, SimulatedMessage>();
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

  inject(fault: Fault): void {
    this.faults.add(fault);
  }

  /** The account's message with that nonce. */
  byNonce(nonce: string): Message | undefined {
    return this.#byNonce.get(nonce);
  }
}
