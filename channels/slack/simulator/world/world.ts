/** A workspace with one app in it: its people, its channels, what was said, and what is on its way to the app. */
import {
  Changes,
  type Counter,
  Counters,
  DeliveryQueue,
  Faults,
  History,
  type Journal,
  type PaneForm,
  Pending,
  People,
  type Shown,
  Typing,
  type Webhook,
} from "@switchboard/simulator-kit";
import { hook } from "../events/hook.ts";
import { SocketPool } from "../events/socket-pool.ts";
import type { Settings } from "../settings.ts";
import { type App, idOf, openApp } from "./app.ts";
import { type Channel, Channels } from "./channels.ts";
import { Files } from "./files.ts";
import type { Message } from "./message.ts";

export interface Person {
  readonly name: string;
  readonly id: string;
  readonly handle: string;
}

/** What somebody did in the client, for which Slack takes an answer. */
export interface Interaction {
  readonly person: string;
  readonly channel: string;
  /** The message that carried the control. */
  readonly ts?: string;
  /** Answers through its address that are still taken. */
  answers: number;
}

/** A workspace that let the app in, and where the app said that people come back to. */
export interface Authorised {
  readonly world: World;
  readonly redirectUri: string;
}

/** A form that is open before somebody. */
export interface OpenView {
  readonly id: string;
  readonly person: string;
  readonly view: Readonly<Record<string, unknown>>;
}

export type Change =
  | { readonly kind: "message"; readonly message: Message }
  | { readonly kind: "channel"; readonly channel: Channel }
  | ({ readonly kind: "typing" } & Shown<string>)
  | { readonly kind: "form"; readonly person: string; readonly form: PaneForm }
  | { readonly kind: "reload" };

export interface World {
  readonly name: string;
  /** The simulator's own address. */
  readonly base: { readonly url: string };
  readonly settings: Settings;
  readonly app: App;
  /** Where the app is at home, when this workspace let in one of another: what happens here goes out from there. */
  readonly home?: World | undefined;
  /** Other workspaces that let this one's app in. */
  readonly guests: Set<World>;
  /** Codes with which the app fetches its token, until they are used: Slack takes them for ten minutes. */
  readonly codes: Pending<Authorised>;
  readonly people: People<Person>;
  readonly channels: Channels;
  readonly history: History<Message>;
  /** By channel, then by time stamp, in order. */
  readonly messages: Map<string, Map<string, Message>>;
  readonly files: Files;
  readonly queue: DeliveryQueue;
  readonly sockets: SocketPool;
  readonly hook: Webhook;
  readonly faults: Faults;
  readonly typing: Typing<string>;
  readonly changes: Changes<Change>;
  readonly triggers: Pending<Interaction>;
  readonly answers: Pending<Interaction>;
  readonly views: Pending<OpenView>;
  /** Those that nobody has filled in, oldest first. */
  openForms: readonly OpenView[];
  /** What the app put on people's Home tabs. */
  readonly homes: Map<string, Readonly<Record<string, unknown>>>;
  readonly stamps: Counter;
  readonly ids: Counter;
  readonly counters: Counters;
  readonly journal: Journal;
}

/** How long Slack shows a status, and takes answers through an interaction's address. */
const STATUS_MS = 120_000;
const ANSWER_MS = 1_800_000;
const CODE_MS = 600_000;

export interface WorldOptions {
  readonly name: string;
  readonly journal: Journal;
  readonly settings: Settings;
  readonly index: number;
  /** The simulator's own address, known once it listens. */
  readonly base: { readonly url: string };
  /** Whose app a new workspace lets in; without it, it has an app of its own. */
  readonly guestOf?: World | undefined;
  /** A workspace that is open already. */
  readonly find: (name: string) => World | undefined;
}

export function openWorld({ base, find, guestOf, index, journal, name, settings }: WorldOptions): World {
  const counters = new Counters(journal);
  const app = openApp(journal, index, guestOf);
  const home = app.home === undefined ? undefined : find(app.home);
  const messages: World["messages"] = new Map();
  const changes = new Changes<Change>();
  const faults = new Faults();
  const queue = new DeliveryQueue(journal, counters.open("delivery", 1));
  const world: World = {
    name,
    base,
    settings,
    app,
    home,
    guests: new Set(),
    codes: new Pending(CODE_MS),
    people: new People<Person>({
      journal,
      numbers: counters.open("person", 1),
      make: (person, number) => ({ name: person, id: idOf("U", number), handle: handleOf(person) }),
      idOf: ({ id }) => id,
    }),
    channels: new Channels(journal, counters.open("channel", 1)),
    history: new History<Message>({
      journal,
      limit: settings.history,
      keyOf: ({ channel, ts }) => `${channel} ${ts}`,
      pack: (message) => message,
      unpack: (value) => value as Message,
      onAdd: (message) => {
        const there = messages.get(message.channel) ?? new Map<string, Message>();
        there.set(message.ts, message);
        messages.set(message.channel, there);
      },
      onForget: ({ channel, ts }) => messages.get(channel)?.delete(ts),
    }),
    messages,
    files: new Files(journal, counters.open("file", 1), settings.fileBytes),
    queue,
    sockets: new SocketPool({ queue, app, faults, journal, acknowledgeMs: settings.acknowledgeMs }),
    hook: hook({ app, queue, faults, retryMs: settings.webhookRetryMs }),
    faults,
    typing: new Typing<string>(STATUS_MS, (shown) => changes.tell({ kind: "typing", ...shown })),
    changes,
    triggers: new Pending(settings.triggerMs),
    answers: new Pending(ANSWER_MS),
    views: new Pending(ANSWER_MS),
    openForms: [],
    homes: new Map(),
    stamps: counters.open("stamp", 100),
    ids: counters.open("id", 1),
    counters,
    journal,
  };
  home?.guests.add(world);
  journal.flush();
  startDelivery(world);
  return world;
}

/** Calls or sockets, as the app is set up now. */
export function startDelivery({ app, hook: calls, sockets }: World): void {
  if (app.socketMode) {
    calls.stop();
    sockets.work();
  } else {
    sockets.closeAll();
    if (app.requestUrl === undefined) calls.stop();
    else calls.start();
  }
}

/** Changes how the app is set up, wherever it is at home. */
export function setUp(where: World, change: Pick<App, "socketMode"> & { readonly requestUrl?: string }): void {
  const world = where.home ?? where;
  const { app, journal } = world;
  if (app.socketMode === change.socketMode && (change.requestUrl ?? app.requestUrl) === app.requestUrl) return;
  Object.assign(app, change);
  journal.put("app", "self", () => app);
  journal.flush();
  startDelivery(world);
}

export function closeWorld({ counters, hook: calls, journal, sockets }: World): void {
  calls.stop();
  sockets.closeAll();
  counters.settle();
  journal.flush();
}

/** As people call it. */
export function workspaceName({ home, name }: World): string {
  return home ? name : "Simulated workspace";
}

function handleOf(name: string): string {
  return (
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, ".")
      .replaceAll(/^\.|\.$/g, "") || "somebody"
  );
}

/** A time stamp that no other message has: the second, and a number that grows. */
export function nextStamp({ stamps }: World): string {
  return `${Math.floor(Date.now() / 1000)}.${String(stamps.next() % 1_000_000).padStart(6, "0")}`;
}

export function nextId({ ids }: World, prefix: string): string {
  return `${prefix}0${ids.next().toString(36).toUpperCase().padStart(8, "0")}`;
}
