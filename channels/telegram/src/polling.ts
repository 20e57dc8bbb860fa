/**
 * Long polling. An update is confirmed to Telegram by asking for the next one, so that is only done once its events are
 * stored: what could not be stored is asked for again, nothing is skipped.
 */

import { pause } from "@switchboard/channel-kit/connection";
import { type AccountContext, type PeerId, SwitchboardError, toSwitchboardError } from "@switchboard/domain";
import type { Update } from "grammy/types";
import type { TelegramApi } from "./api.ts";
import type { TelegramConfig, UpdateKind } from "./config.ts";
import { unbundle } from "./updates.ts";

/** Failed polls in a row after which the connection counts as lost. */
const FAILURES_TO_LOSE = 4;
/** One conflict may be the last of a process that is going; a second is somebody who stays. */
const CONFLICTS_TO_LOSE = 2;
const LONGEST_PAUSE_MS = 30_000;

export class Polling {
  readonly #api: TelegramApi;
  readonly #context: AccountContext<TelegramConfig>;
  readonly #bot: PeerId;
  readonly #memoryKey: string;
  #stop: AbortController | undefined;
  #running: Promise<void> = Promise.resolve();
  #saving: Promise<void> | undefined;
  #unsaved: number | undefined;

  constructor(api: TelegramApi, context: AccountContext<TelegramConfig>, bot: PeerId) {
    this.#api = api;
    this.#context = context;
    this.#bot = bot;
    // Another bot behind the same account counts its updates on its own.
    this.#memoryKey = `offset:${bot}`;
  }

  /** Starts asking. What ends it for good is reported through `lost`. */
  start(): void {
    const stop = new AbortController();
    this.#stop = stop;
    const signal = AbortSignal.any([stop.signal, this.#context.signal]);
    this.#running = this.#run(signal).catch((thrown: unknown) => {
      if (!signal.aborted) this.#context.lost(toSwitchboardError(thrown, "CONN_001"));
    });
  }

  /** Resolves when nothing is under way any more; what has been received by then is stored or will come again. */
  async stop(): Promise<void> {
    this.#stop?.abort();
    await this.#running;
    await this.#saving;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { config, log } = this.#context;
    let offset = Number((await this.#context.memory.get(this.#memoryKey)) ?? 0);
    let failures = 0;
    while (!signal.aborted) {
      try {
        const updates = await this.#poll(offset, signal);
        failures = 0;
        if (updates.length === 0) {
          this.#context.alive({ kind: "pong", at: Date.now() });
          if (config.pollTimeoutSeconds === 0) await pause(this.#context, config.pollPauseMs, signal);
          continue;
        }
        await this.#context.receive(updates.map((update) => unbundle(update, this.#bot)));
        this.#context.alive({ kind: "event", at: Date.now() });
        // The newest, not the highest: after a week of silence Telegram starts from another number, perhaps a lower one.
        offset = (updates.at(-1)?.update_id ?? 0) + 1;
        this.#save(offset);
      } catch (thrown) {
        if (signal.aborted) return;
        const error = toSwitchboardError(thrown, "CONN_001");
        failures += 1;
        if (isStoreTrouble(error)) {
          log.warn({ code: error.code, failures }, "updates could not be stored and are asked for again");
        } else if (!error.retryable || failures >= (isRival(error) ? CONFLICTS_TO_LOSE : FAILURES_TO_LOSE)) {
          throw error;
        } else if (isWebhookConflict(error)) {
          log.warn({}, "a webhook stood in the way of polling and is removed");
          await this.#api.call("other", "deleteWebhook", {}, signal).catch(() => {});
        }
        const delay = Math.min(LONGEST_PAUSE_MS, config.pollPauseMs * 2 ** Math.min(failures - 1, 10));
        await pause(this.#context, Math.max(delay, error.retryAfterMs ?? 0), signal);
      }
    }
  }

  async #poll(offset: number, signal: AbortSignal): Promise<Update[]> {
    const { allowedUpdates, pollTimeoutSeconds } = this.#context.config;
    const updates: unknown = await this.#api.call(
      "other",
      "getUpdates",
      {
        limit: 100,
        timeout: pollTimeoutSeconds,
        allowed_updates: allowedUpdates as UpdateKind[],
        ...(offset > 0 && { offset }),
      },
      signal,
    );
    if (Array.isArray(updates) && updates.every(isNumbered)) return updates;
    throw new SwitchboardError("CONN_001", "What answers at the base URL is no Bot API.");
  }

  /** Beside the polls, always the newest: it only spares repeats after a restart, and the inbox knows those. */
  #save(offset: number): void {
    this.#unsaved = offset;
    this.#saving ??= this.#saveAll().finally(() => {
      this.#saving = undefined;
    });
  }

  async #saveAll(): Promise<void> {
    while (this.#unsaved !== undefined) {
      const offset = this.#unsaved;
      this.#unsaved = undefined;
      await this.#context.memory.set(this.#memoryKey, String(offset)).catch((thrown: unknown) => {
        this.#context.log.warn({ code: toSwitchboardError(thrown).code }, "the polling offset could not be kept");
      });
    }
  }
}

function isNumbered(update: unknown): update is Update {
  return (
    typeof update === "object" && update !== null && "update_id" in update && Number.isSafeInteger(update.update_id)
  );
}

function isStoreTrouble({ code }: SwitchboardError): boolean {
  return code.startsWith("STORE_") || code === "SYS_001";
}

function isRival(error: SwitchboardError): boolean {
  return error.code === "CONN_005" && !isWebhookConflict(error);
}

function isWebhookConflict({ code, message }: SwitchboardError): boolean {
  return code === "CONN_005" && /webhook/i.test(message);
}
