/** One Twilio account: a number in a Messaging Service, the phones that know it, and what was said. */
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
  Webhook,
} from "@switchboard/simulator-kit";
import { callRequest } from "../api/call-request.ts";
import type { StoredMessage } from "./message.ts";
import { hex, sid } from "./sids.ts";

export interface Phone {
  readonly name: string;
  readonly number: string;
  /** Switched off: nothing is delivered. */
  off: boolean;
  /** Wrote STOP, and not START since. */
  optedOut: boolean;
}

/** What can be changed over the API or in the pane. */
export interface AccountState {
  smsUrl: string;
  smsMethod: string;
  inboundUrl: string;
  useNumberWebhook: boolean;
  trial: boolean;
  status: "active" | "suspended";
}

export type WorldChange =
  | { readonly kind: "message"; readonly message: StoredMessage }
  | { readonly kind: "phone"; readonly phone: Phone };

export interface World {
  readonly name: string;
  readonly journal: Journal;
  readonly accountSid: string;
  readonly authToken: string;
  readonly number: string;
  readonly numberSid: string;
  readonly serviceSid: string;
  readonly state: AccountState;
  readonly phones: People<Phone>;
  readonly history: History<StoredMessage>;
  readonly messages: Map<string, StoredMessage>;
  readonly orders: Counter;
  readonly bytes: Bytes;
  readonly queue: DeliveryQueue;
  readonly webhook: Webhook;
  /** Ids of messages whose call was given up. */
  readonly givenUp: ReadonlySet<string>;
  readonly faults: Faults;
  readonly changes: Changes<WorldChange>;
  readonly timers: Set<NodeJS.Timeout>;
  keepState(): void;
  close(): void;
}

export interface WorldOptions {
  readonly journal: Journal;
  readonly name: string;
  readonly index: number;
  /** Most messages kept. */
  readonly history: number;
  readonly webhookRetryMs: number;
}

const MEDIA_BYTES = 64 * 1024 * 1024;
/** All tries of a call together: https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides */
const ANSWER_MS = 15_000;
/** Numbers that nobody has: https://en.wikipedia.org/wiki/555_(telephone_number) */
const FIRST_PHONE = 100;

export function openWorld({ history: limit, index, journal, name, webhookRetryMs }: WorldOptions): World {
  const counters = new Counters(journal);
  const changes = new Changes<WorldChange>();
  const messages = new Map<string, StoredMessage>();
  const faults = new Faults();
  const queue = new DeliveryQueue(journal, counters.open("call", 1));
  const kept = journal.load("state")[0]?.value as AccountState | undefined;
  const state: AccountState = kept ?? {
    smsUrl: "",
    smsMethod: "POST",
    inboundUrl: "",
    useNumberWebhook: true,
    trial: false,
    status: "active",
  };
  const givenUp = new Set<string>();
  const authToken = hex("token", name);
  const accountSid = sid("AC", name);
  const webhook = new Webhook({
    queue,
    retryMs: webhookRetryMs,
    attempts: attemptsWithin(ANSWER_MS, webhookRetryMs),
    answerMs: ANSWER_MS,
    fault: () => faults.take("receive"),
    onGivenUp({ body }) {
      const sent = new URLSearchParams(String(body)).get("SmsMessageSid");
      if (sent !== null) givenUp.add(sent);
    },
    request: (delivery) => callRequest(delivery, authToken, accountSid),
  });
  const world: World = {
    name,
    journal,
    accountSid,
    authToken,
    number: `+1555${String(2_000_000 + index).padStart(7, "0")}`,
    numberSid: sid("PN", name),
    serviceSid: sid("MG", name),
    state,
    phones: new People<Phone>({
      journal,
      numbers: counters.open("phone", FIRST_PHONE),
      make: (person, number) => ({
        name: person,
        number: `+1555${String(1_000_000 + number).padStart(7, "0")}`,
        off: false,
        optedOut: false,
      }),
      idOf: ({ number }) => number,
    }),
    history: new History<StoredMessage>({
      journal,
      limit,
      keyOf: ({ sid: key }) => key,
      chatOf: ({ phone }) => phone,
      pack: (message) => message,
      unpack: (value) => value as StoredMessage,
      onAdd: (message) => messages.set(message.sid, message),
      onForget: (message) => messages.delete(message.sid),
    }),
    messages,
    orders: counters.open("message", 1),
    bytes: new Bytes(journal, MEDIA_BYTES),
    queue,
    webhook,
    givenUp,
    faults,
    changes,
    timers: new Set(),
    keepState: () => journal.put("state", "account", () => state),
    close() {
      for (const timer of world.timers) clearTimeout(timer);
      webhook.stop();
      counters.settle();
      journal.flush();
    },
  };
  if (!kept) world.keepState();
  journal.flush();
  webhook.start();
  return world;
}

/**
 * With the usual pause one call and the five repeats that `#rc=5` asks for; with shorter ones as many as fit into the
 * same time, which is what decides whether a restart is noticed.
 */
function attemptsWithin(ms: number, retryMs: number): number {
  let attempts = 2;
  for (let at = 0; at < ms && attempts < 60; attempts++) at += Math.min(2 ** (attempts - 1), 60) * retryMs;
  return attempts;
}
