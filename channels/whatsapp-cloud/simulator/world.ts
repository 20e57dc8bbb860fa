/** One business account: its numbers, the people who write to them, what was said, and what is on its way to the webhook. */
import { createHmac, randomUUID } from "node:crypto";
import { SwitchboardError } from "@switchboard/domain";
import {
  Bytes,
  Changes,
  type Counter,
  Counters,
  DeliveryQueue,
  Faults,
  History,
  type Journal,
  People,
  Typing,
  Webhook,
} from "@switchboard/simulator-kit";
import { FIRST, type Template } from "./template.ts";

/** How long somebody can be written to after they wrote. */
const WINDOW_MS = 24 * 3_600_000;
const TYPING_MS = 25_000;
const HELD_BYTES = 256 * 1024 * 1024;

export interface Person {
  readonly name: string;
  /** The number, as digits. */
  readonly id: string;
  /** Unix milliseconds. */
  wroteAt: number;
}

export interface Media {
  readonly id: string;
  readonly mimeType: string;
  readonly sha256: string;
  readonly size: number;
  readonly fileName?: string;
}

export interface Address {
  readonly media: string;
  /** Unix milliseconds. */
  readonly expiresAt: number;
}

export interface Message {
  readonly number: number;
  readonly id: string;
  /** The person's number. */
  readonly chat: string;
  readonly phone: string;
  readonly fromAccount: boolean;
  readonly type: string;
  /** What stands in the field that `type` names. */
  readonly content: Readonly<Record<string, unknown>>;
  readonly replyTo?: string;
  readonly delivery?: string;
  readonly at: number;
  status: "sent" | "delivered" | "read" | "failed";
  /** Emoji by whose it is. */
  reactions: Readonly<Record<string, string>>;
}

export interface Account {
  readonly token: string;
  readonly appSecret: string;
  readonly businessAccountId: string;
  /** The main number's id and another's. */
  readonly phones: readonly [string, string];
  /** Where each number's events go. */
  callbacks: Readonly<Record<string, string>>;
  subscribed: boolean;
}

export type Change =
  | { readonly kind: "message"; readonly message: Message }
  | { readonly kind: "chat"; readonly person: Person }
  | { readonly kind: "typing"; readonly chat: string; readonly on: boolean };

export interface World {
  readonly name: string;
  readonly account: Account;
  readonly people: People<Person>;
  readonly history: History<Message>;
  readonly byId: Map<string, Message>;
  /** Of the account, delivered and not read. */
  readonly unread: Set<Message>;
  readonly templates: Map<string, Template>;
  readonly media: Map<string, Media>;
  readonly bytes: Bytes;
  /** Addresses that files can be fetched from, by their last part; each is good for a few minutes. */
  readonly addresses: Map<string, Address>;
  readonly numbers: Counter;
  readonly queue: DeliveryQueue;
  readonly webhook: Webhook;
  readonly faults: Faults;
  readonly typing: Typing<string>;
  readonly changes: Changes<Change>;
  readonly counters: Counters;
  readonly journal: Journal;
}

export interface WorldOptions {
  readonly name: string;
  readonly journal: Journal;
  readonly index: number;
  readonly history: number;
  readonly webhookRetryMs: number;
}

export const DISPLAY_NUMBER = "15550783881";

export function openWorld({ history: limit, index, journal, name, webhookRetryMs }: WorldOptions): World {
  const kept = journal.load("account")[0]?.value as Account | undefined;
  const account: Account = kept ?? {
    token: `EAA${randomUUID().replaceAll("-", "")}a`,
    appSecret: randomUUID().replaceAll("-", ""),
    businessAccountId: String(102290129340000 + index),
    phones: [String(106540352240000 + 2 * index), String(106540352240001 + 2 * index)],
    callbacks: {},
    subscribed: false,
  };
  const counters = new Counters(journal);
  const changes = new Changes<Change>();
  const faults = new Faults();
  const queue = new DeliveryQueue(journal, counters.open("delivery", 1));
  const byId = new Map<string, Message>();
  const unread = new Set<Message>();
  const world: World = {
    name,
    account,
    people: new People<Person>({
      journal,
      numbers: counters.open("person", 1),
      make: (person, number) => ({ name: person, id: String(16_505_550_000 + number), wroteAt: 0 }),
      idOf: ({ id }) => id,
    }),
    byId,
    unread,
    history: new History<Message>({
      journal,
      limit,
      keyOf: ({ id }) => id,
      chatOf: ({ chat }) => chat,
      pack: (message) => message,
      unpack: (value) => value as Message,
      onAdd: (message) => {
        byId.set(message.id, message);
        if (message.fromAccount && message.status === "delivered") unread.add(message);
      },
      onForget: (message) => {
        byId.delete(message.id);
        unread.delete(message);
      },
    }),
    templates: new Map(journal.load("template").map(({ key, value }) => [key, value as Template])),
    media: new Map(journal.load("media").map(({ key, value }) => [key, value as Media])),
    addresses: new Map(),
    bytes: new Bytes(journal, HELD_BYTES),
    numbers: counters.open("message", 1),
    queue,
    webhook: new Webhook({
      queue,
      retryMs: webhookRetryMs,
      fault: () => faults.take("receive"),
      request: ({ body, to = "" }) => ({
        url: account.callbacks[to] ?? "http://127.0.0.1:9/",
        headers: {
          "content-type": "application/json",
          "user-agent": "facebookexternalua",
          "x-hub-signature-256": `sha256=${createHmac("sha256", account.appSecret).update(body).digest("hex")}`,
        },
      }),
    }),
    faults,
    typing: new Typing(TYPING_MS, ({ action, chat }) =>
      changes.tell({ kind: "typing", chat, on: action !== undefined }),
    ),
    changes,
    counters,
    journal,
  };
  keepAccount(world);
  if (!kept) addTemplate(world, FIRST);
  journal.flush();
  if (Object.keys(account.callbacks).length > 0) world.webhook.start();
  return world;
}

export function closeWorld({ counters, journal, webhook }: World): void {
  webhook.stop();
  counters.settle();
  journal.flush();
}

export function keepAccount({ account, journal }: World): void {
  journal.put("account", "self", () => account);
}

export function personOf({ people }: World, id: string): Person {
  const person = people.byId(id);
  if (!person) throw new SwitchboardError("REQ_002", "Nobody by that number");
  return person;
}

export function isOpen({ wroteAt }: Person): boolean {
  return Date.now() - wroteAt < WINDOW_MS;
}

/** Adds a message; the ids look like Meta's and are the number in disguise. */
export function post(world: World, input: Omit<Message, "number" | "id" | "at" | "reactions" | "status">): Message {
  const number = world.numbers.next();
  const id = `wamid.${Buffer.from(`${world.account.phones[0]}:${number}`).toString("base64")}`;
  const message: Message = { ...input, number, id, at: Date.now(), status: "sent", reactions: {} };
  world.history.add(message);
  world.changes.tell({ kind: "message", message });
  return message;
}

export function keepMedia(world: World, media: Media, bytes: Uint8Array): void {
  world.media.set(media.id, media);
  world.bytes.put(media.id, bytes);
  world.journal.put("media", media.id, () => media);
}

export function addTemplate(world: World, template: Omit<Template, "id">): Template {
  const added = { ...template, id: String(1_192_339_204_654_000 + world.numbers.next()) };
  world.templates.set(added.id, added);
  world.journal.put("template", added.id, () => added);
  return added;
}
