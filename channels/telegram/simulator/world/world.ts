/** One bot and everybody it knows. Bots of one simulator share nothing but the port. */
import type { User } from "@grammyjs/types";
import {
  Changes,
  Counters,
  DeliveryQueue,
  Faults,
  type Journal,
  Pending,
  Typing,
  type Webhook,
} from "@switchboard/simulator-kit";
import { RateLimits } from "../api/rate-limits.ts";
import type { Settings } from "../settings.ts";
import { LongPolling } from "../updates/long-polling.ts";
import { botWebhook } from "../updates/webhook.ts";
import { type Bot, keepBot, newBot } from "./bot.ts";
import type { Callbacks } from "./callbacks.ts";
import type { Change } from "./changes.ts";
import { type Chat, Chats } from "./chats.ts";
import { Files } from "./files.ts";
import { History } from "./history.ts";
import { FIRST_PERSON_ID, People } from "./people.ts";

/** How long a chat action is visible, in milliseconds. */
export const TYPING_MS = 5000;

export interface World {
  readonly bot: Bot;
  /** The bot as messages show it: without what only `getMe` tells. */
  readonly self: User;
  readonly people: People;
  readonly chats: Chats;
  readonly history: History;
  readonly files: Files;
  readonly updates: DeliveryQueue;
  readonly polling: LongPolling;
  readonly webhook: Webhook;
  readonly callbacks: Callbacks;
  readonly typing: Typing<Chat>;
  readonly changes: Changes<Change>;
  readonly faults: Faults;
  readonly limits: RateLimits | undefined;
  readonly journal: Journal;
  readonly counters: Counters;
}

export interface WorldInput {
  readonly journal: Journal;
  readonly settings: Settings;
  /** Used when the journal does not know the bot yet. */
  readonly username: string;
  readonly index: number;
  /** The bot answered a webhook with a method call. */
  readonly onCall: (world: World, method: string, parameters: Record<string, unknown>) => void;
}

/** Opens what the journal kept, or makes a new bot. */
export function openWorld({ journal, settings, username, index, onCall }: WorldInput): World {
  const kept = journal.load("bot")[0]?.value as Bot | undefined;
  const bot = kept ?? newBot(username, index);
  const counters = new Counters(journal);
  const changes = new Changes<Change>();
  const chats = new Chats(journal, counters);
  // A random start, as at Telegram: a restart without a file must not repeat what a gateway has seen before.
  const updates = new DeliveryQueue(journal, counters.open("update", 100_000_000 + Math.floor(Math.random() * 8e8)));
  const faults = new Faults();
  const { id, is_bot, first_name } = bot.user;
  const world: World = {
    bot,
    self: { id, is_bot, first_name, username: bot.user.username },
    people: new People(journal, counters.open("person", FIRST_PERSON_ID)),
    chats,
    history: new History(journal, chats, settings.history),
    files: new Files(journal, counters.open("file", 1), settings.fileBytes),
    updates,
    polling: new LongPolling(updates),
    webhook: botWebhook({
      bot,
      queue: updates,
      retryMs: settings.webhookRetryMs,
      fault: () => faults.take("receive"),
      onCall: (method, parameters) => onCall(world, method, parameters),
    }),
    callbacks: new Pending(settings.callbackMs),
    typing: new Typing(TYPING_MS, (shown) => changes.tell({ kind: "typing", ...shown })),
    changes,
    faults,
    limits: settings.rateLimit ? new RateLimits() : undefined,
    journal,
    counters,
  };
  if (!kept) keepBot(journal, bot);
  journal.flush();
  if (bot.webhook) world.webhook.start(bot.webhook.maxConnections);
  return world;
}

export function closeWorld(world: World): void {
  world.polling.close();
  world.webhook.stop();
  world.counters.settle();
  world.journal.flush();
}
