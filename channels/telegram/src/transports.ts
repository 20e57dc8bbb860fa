/** Chooses between webhook and polling, and moves from one to the other when it has to (CONN-4). */

import { pause } from "@switchboard/channel-kit/connection";
import {
  type AccountContext,
  type PeerId,
  SwitchboardError,
  type Transport,
  toSwitchboardError,
} from "@switchboard/domain";
import type { WebhookInfo } from "grammy/types";
import type { TelegramApi } from "./api.ts";
import type { TelegramConfig } from "./config.ts";
import { Polling } from "./polling.ts";
import { registerWebhook, removeWebhook, WebhookHealth, webhookInfo } from "./webhook.ts";

/** The webhook is tried again later and later while it keeps failing. */
const LONGEST_RETURN_MS = 3_600_000;
/** So often a webhook that somebody else changed is set again before that is called a conflict. */
const RESETS_TO_CONFLICT = 3;

export interface Started {
  readonly transport: Transport;
  readonly note?: string;
}

export class Transports {
  readonly #api: TelegramApi;
  readonly #context: AccountContext<TelegramConfig>;
  readonly #polling: Polling;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  #watching: Promise<void> = Promise.resolve();
  #isPolling = false;

  constructor(api: TelegramApi, context: AccountContext<TelegramConfig>, bot: PeerId) {
    this.#api = api;
    this.#context = context;
    this.#polling = new Polling(api, context, bot);
    this.#signal = AbortSignal.any([this.#stop.signal, context.signal]);
  }

  /** Makes updates flow. @throws CFG_001, CONN_*. */
  async start(): Promise<Started> {
    const address = this.#address();
    if (!address) {
      await this.#startPolling();
      return { transport: "polling" };
    }
    try {
      this.#watch(address, await registerWebhook(this.#api, this.#context, address, this.#signal));
      return { transport: "webhook" };
    } catch (thrown) {
      const error = toSwitchboardError(thrown, "CONN_001");
      if (error.scope === "account" || error.retryable) throw error;
      // Telegram will not have this address, e.g. because it is not HTTPS.
      await this.#startPolling();
      this.#watch(address, undefined);
      return { transport: "polling", note: `Telegram refused the webhook, so polling stands in: ${error.message}` };
    }
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all([this.#watching, this.#isPolling ? this.#polling.stop() : undefined]);
  }

  #address(): AccountContext["webhook"] {
    const { config, webhook } = this.#context;
    if (config.transport === "webhook" && !webhook) {
      const message = "The transport is set to webhook, but the gateway has no public address (gateway.publicUrl).";
      throw new SwitchboardError("CFG_001", message, { scope: "account" });
    }
    return config.transport === "polling" ? undefined : webhook;
  }

  async #startPolling(): Promise<void> {
    await removeWebhook(this.#api, this.#signal);
    this.#polling.start();
    this.#isPolling = true;
  }

  #watch(address: NonNullable<AccountContext["webhook"]>, first: WebhookInfo | undefined): void {
    this.#watching = this.#run(address, first).catch((thrown: unknown) => {
      if (!this.#signal.aborted) this.#context.lost(toSwitchboardError(thrown, "CONN_001"));
    });
  }

  /** For as long as the connection lives: webhook until it fails, polling until the webhook may be tried again. */
  async #run(address: NonNullable<AccountContext["webhook"]>, first: WebhookInfo | undefined): Promise<void> {
    const { config } = this.#context;
    let info = first;
    let away = config.webhookReturnMs;
    while (!this.#signal.aborted) {
      if (info) {
        const { reason, looks } = await this.#untilFailing(address, new WebhookHealth(info));
        if (this.#signal.aborted) return;
        // One that held for a good while starts over with the shortest absence.
        if (looks > 10) away = config.webhookReturnMs;
        await this.#startPolling();
        this.#context.transportChanged("polling", `${reason}. Polling stands in.`);
      }
      await pause(this.#context, away, this.#signal);
      if (this.#signal.aborted) return;
      away = Math.min(LONGEST_RETURN_MS, away * 2);
      info = await this.#comeBack(address);
    }
  }

  /** Resolves with why the webhook counts as failing and how often it was looked at. */
  async #untilFailing(
    address: NonNullable<AccountContext["webhook"]>,
    health: WebhookHealth,
  ): Promise<{ reason: string; looks: number }> {
    let resets = 0;
    for (let looks = 1; ; looks++) {
      await pause(this.#context, this.#context.config.webhookCheckMs, this.#signal);
      if (this.#signal.aborted) return { reason: "stopped", looks };
      try {
        const info = await webhookInfo(this.#api, this.#signal);
        if (info.url !== address.url) {
          if (++resets >= RESETS_TO_CONFLICT) {
            throw new SwitchboardError("CONN_005", "Another program keeps changing this bot's webhook.", {
              scope: "account",
            });
          }
          this.#context.log.warn({}, "the bot's webhook was changed by somebody else and is set again");
          await registerWebhook(this.#api, this.#context, address, this.#signal);
          continue;
        }
        const reason = health.judge(info);
        if (reason !== undefined) return { reason, looks };
      } catch (thrown) {
        const error = toSwitchboardError(thrown, "CONN_001");
        // An answer that failed to come says nothing of the webhook; the supervisor's probes see to that.
        if (error.code === "CONN_005" || !error.retryable) throw error;
      }
    }
  }

  /** Sets the webhook again. `undefined`: it was refused, polling goes on. */
  async #comeBack(address: NonNullable<AccountContext["webhook"]>): Promise<WebhookInfo | undefined> {
    try {
      await this.#polling.stop();
      this.#isPolling = false;
      const info = await registerWebhook(this.#api, this.#context, address, this.#signal);
      this.#context.transportChanged("webhook", "The webhook is in use again.");
      return info;
    } catch (thrown) {
      if (this.#signal.aborted) return undefined;
      const error = toSwitchboardError(thrown, "CONN_001");
      if (!error.retryable && error.scope === "account") throw error;
      this.#context.log.warn({ code: error.code }, `the webhook could not be set: ${error.message}`);
      this.#polling.start();
      this.#isPolling = true;
      return undefined;
    }
  }
}
