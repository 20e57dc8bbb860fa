/** Chooses between the webhook and the list of messages, and keeps reading the list while either is in use (CONN-4). */
import { pause } from "@switchboard/channel-kit/connection";
import {
  type AccountContext,
  type RawEvent,
  SwitchboardError,
  type Transport,
  toSwitchboardError,
} from "@switchboard/domain";
import type { TwilioApi } from "./api.ts";
import type { SmsConfig } from "./config.ts";
import { answerHelp } from "./help.ts";
import { callsWebhook, howToSet, type InboundPlace, losesMessages, setWebhook } from "./inbound-place.ts";
import { MessageList } from "./message-list.ts";

/** Failed readings in a row after which the connection counts as lost. */
const FAILURES_TO_LOSE = 4;
const LONGEST_PAUSE_MS = 60_000;

export interface Started {
  readonly transport: Transport;
  readonly note?: string;
}

export class Transports {
  readonly #api: TwilioApi;
  readonly #context: AccountContext<SmsConfig>;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  #list: MessageList | undefined;
  #reading: Promise<void> = Promise.resolve();
  /** Answers to HELP, one after the other, beside the reading. */
  #helping: Promise<void> = Promise.resolve();

  constructor(api: TwilioApi, context: AccountContext<SmsConfig>) {
    this.#api = api;
    this.#context = context;
    this.#signal = AbortSignal.any([this.#stop.signal, context.signal]);
  }

  /** Makes messages flow; resolves when the list was read once. @throws CFG_001, CONN_*. */
  async start(place: InboundPlace | undefined): Promise<Started> {
    if (!place) return { transport: this.#context.config.transport === "webhook" ? "webhook" : "polling" };
    const { catchUpMs, pollMs } = this.#context.config;
    const started = await this.#choose(place);
    const list = new MessageList(this.#api, this.#context, place);
    this.#list = list;
    const isPolling = started.transport === "polling";
    const read = async () => {
      const found = await list.read(this.#signal);
      // With a webhook HELP is answered there; what that missed may have been answered all the same.
      if (isPolling && found.length > 0) {
        this.#helping = this.#helping.then(() => answerHelp(this.#api, this.#context, found, this.#signal));
      }
    };
    await read();
    this.#reading = this.#run(read, isPolling ? pollMs : catchUpMs);
    return started;
  }

  /** What came by the webhook and is stored need not be read from the list as well. */
  stored(events: readonly RawEvent[]): void {
    for (const { key } of events) this.#list?.knows(key);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#reading;
    await this.#helping;
  }

  async #choose(place: InboundPlace): Promise<Started> {
    const { config, webhook } = this.#context;
    if (config.transport === "polling") return this.#polling(place);
    if (!webhook) {
      if (config.transport === "auto") return this.#polling(place);
      const message = "The transport is set to webhook, but the gateway has no public address (gateway.publicUrl).";
      throw new SwitchboardError("CFG_001", message, { scope: "account" });
    }
    if (callsWebhook(place, webhook.url)) return { transport: "webhook" };
    if (config.configureWebhook) {
      await setWebhook(this.#api, place, webhook.url, this.#signal);
      return { transport: "webhook", note: `The webhook of ${place.name} was set to this gateway.` };
    }
    const what = `${place.name} does not call this gateway. ${howToSet(place, webhook.url)}`;
    if (config.transport === "webhook") throw new SwitchboardError("CFG_001", what, { scope: "account" });
    return this.#polling(place, `${what} Until then the list of messages is read.`);
  }

  #polling(place: InboundPlace, why?: string): Started {
    const lost = losesMessages(place)
      ? `The Messaging Service ${place.name} has no webhook at all, so Twilio throws messages to it away. ${howToSet(place, this.#context.webhook?.url ?? "https://example.com/")}`
      : undefined;
    const note = lost ?? why;
    return { transport: "polling", ...(note !== undefined && { note }) };
  }

  async #run(read: () => Promise<void>, everyMs: number): Promise<void> {
    let failures = 0;
    while (!this.#signal.aborted) {
      await pause(this.#context, Math.min(everyMs * 2 ** failures, Math.max(everyMs, LONGEST_PAUSE_MS)), this.#signal);
      if (this.#signal.aborted) return;
      try {
        await read();
        failures = 0;
      } catch (thrown) {
        if (this.#signal.aborted) return;
        const error = toSwitchboardError(thrown, "CONN_001");
        failures += 1;
        this.#context.log.warn({ code: error.code }, `the list of messages could not be read: ${error.message}`);
        const isOurs = error.code.startsWith("STORE_") || error.code.startsWith("SYS_");
        if (!isOurs && (!error.retryable || failures >= FAILURES_TO_LOSE)) {
          this.#context.lost(error);
          return;
        }
      }
    }
  }
}
