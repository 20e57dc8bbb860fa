/** Chooses between Socket Mode and the Events API, and moves from one to the other when it has to (CONN-4). */

import { pause } from "@switchboard/channel-kit/connection";
import { type AccountContext, SwitchboardError, type Transport, toSwitchboardError } from "@switchboard/domain";
import type { SlackApi } from "./api.ts";
import type { SlackConfig } from "./config.ts";
import type { Receiver } from "./receiver.ts";
import { Sockets } from "./sockets.ts";

/** Socket Mode is tried again later and later while it keeps failing. */
const LONGEST_RETURN_MS = 3_600_000;

export interface Started {
  readonly transport: Transport;
  readonly note?: string;
}

export class Transports {
  readonly #api: SlackApi;
  readonly #context: AccountContext<SlackConfig>;
  readonly #receiver: Receiver;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  #sockets: Sockets | undefined;
  #returning: Promise<void> = Promise.resolve();

  constructor(api: SlackApi, context: AccountContext<SlackConfig>, receiver: Receiver) {
    this.#api = api;
    this.#context = context;
    this.#receiver = receiver;
    this.#signal = AbortSignal.any([this.#stop.signal, context.signal]);
  }

  /** Makes events flow. @throws CFG_001, CONN_*. */
  async start(): Promise<Started> {
    const { appToken, transport } = this.#context.config;
    if (transport === "webhook" || (transport === "auto" && !appToken)) {
      this.#requireCalls();
      return { transport: "webhook" };
    }
    if (!appToken) throw config("The transport is set to websocket, but there is no app token (appToken).");
    try {
      await this.#openSockets();
      return { transport: "websocket" };
    } catch (thrown) {
      const error = toSwitchboardError(thrown, "CONN_001");
      if (!this.#takesCalls()) throw error;
      this.#comeBackLater();
      return {
        transport: "webhook",
        note: `Socket Mode is not to be had, so the Events API stands in: ${error.message}`,
      };
    }
  }

  /** Never rejects. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#sockets?.stop();
    await this.#returning;
  }

  /** Whether Slack can call us, and may stand in. */
  #takesCalls(): boolean {
    const { config: settings, webhook } = this.#context;
    return settings.transport === "auto" && settings.signingSecret !== undefined && webhook !== undefined;
  }

  #requireCalls(): void {
    const { config: settings, webhook } = this.#context;
    if (settings.signingSecret === undefined) {
      throw config(
        settings.transport === "auto"
          ? "The account has neither an app token (Socket Mode) nor a signing secret (Events API)."
          : "The transport is set to webhook, but there is no signing secret (signingSecret).",
      );
    }
    if (!webhook)
      throw config("The Events API needs a public address of the gateway (gateway.publicUrl), or an app token.");
  }

  async #openSockets(): Promise<void> {
    const sockets = new Sockets({
      api: this.#api,
      context: this.#context,
      receiver: this.#receiver,
      onLost: (error) => this.#lost(sockets, error),
    });
    try {
      await sockets.start();
    } catch (thrown) {
      await sockets.stop();
      throw thrown;
    }
    this.#sockets = sockets;
    if (this.#signal.aborted) await sockets.stop();
  }

  #lost(sockets: Sockets, error: SwitchboardError): void {
    if (this.#signal.aborted) return;
    if (!this.#takesCalls()) {
      this.#context.lost(error);
      return;
    }
    void sockets.stop();
    this.#sockets = undefined;
    this.#context.transportChanged("webhook", `${error.message} The Events API stands in.`);
    this.#comeBackLater();
  }

  #comeBackLater(): void {
    this.#returning = this.#comeBack().catch(() => {});
  }

  async #comeBack(): Promise<void> {
    let away = this.#context.config.socketReturnMs;
    while (!this.#signal.aborted) {
      await pause(this.#context, away, this.#signal);
      if (this.#signal.aborted) return;
      try {
        await this.#openSockets();
        this.#context.transportChanged("websocket", "Socket Mode is in use again.");
        return;
      } catch (thrown) {
        const { code, message } = toSwitchboardError(thrown, "CONN_001");
        this.#context.log.info({ code }, `Socket Mode is still not to be had: ${message}`);
        away = Math.min(LONGEST_RETURN_MS, away * 2);
      }
    }
  }
}

function config(message: string): SwitchboardError {
  return new SwitchboardError("CFG_001", message, { scope: "account" });
}
