/** The account's Socket Mode connections: several, so that one that goes leaves no gap. */

import { pause } from "@switchboard/channel-kit/connection";
import { type AccountContext, SwitchboardError, toSwitchboardError } from "@switchboard/domain";
import type { SlackApi } from "./api.ts";
import { wordOf } from "./body.ts";
import type { SlackConfig } from "./config.ts";
import { isOwnEcho } from "./own-echo.ts";
import type { Receiver } from "./receiver.ts";
import { Socket, updateIn } from "./socket.ts";
import { unbundle } from "./updates.ts";

const LONGEST_PAUSE_MS = 30_000;
/** An old socket is let go this long after the new one stands: what is on its way still arrives, and is acknowledged. */
const OVERLAP_MS = 2_000;

export interface SocketsOptions {
  readonly api: SlackApi;
  readonly context: AccountContext<SlackConfig>;
  readonly receiver: Receiver;
  /** None is left, and none can be had. */
  readonly onLost: (error: SwitchboardError) => void;
}

export class Sockets {
  readonly #options: SocketsOptions;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #open = new Set<Socket>();
  /** Those that Slack said it will close: Slack says so twice, and closes them when it likes. */
  readonly #leaving = new WeakSet<Socket>();
  readonly #work = new Set<Promise<void>>();
  #lost = false;

  constructor(options: SocketsOptions) {
    this.#options = options;
    this.#signal = AbortSignal.any([this.#stop.signal, options.context.signal]);
  }

  /** Resolves when one socket stands; the others follow. @throws CONN_*. */
  async start(): Promise<void> {
    await this.#add();
    const { connections } = this.#options.context.config;
    for (let more = 1; more < connections; more++) this.#inBackground(this.#replace());
  }

  /** Resolves when all are closed. Never rejects. */
  async stop(): Promise<void> {
    this.#stop.abort();
    for (const socket of this.#open) socket.close();
    this.#open.clear();
    await Promise.allSettled(this.#work);
  }

  async #add(): Promise<void> {
    const { api, context, receiver } = this.#options;
    const { appToken, pingMs, requestTimeoutMs } = context.config;
    const answer = await api.call("apps.connections.open", {}, { token: appToken ?? "", signal: this.#signal });
    const url = wordOf(answer.url);
    if (url === undefined || !/^wss?:\/\//.test(url)) {
      throw new SwitchboardError("CONN_001", "Slack gave no address for a socket.", { scope: "account" });
    }
    const socket: Socket = new Socket({
      url,
      pingMs,
      openMs: requestTimeoutMs,
      onEnvelope(envelope, acknowledge) {
        const update = updateIn(envelope);
        if (isOwnEcho(update)) acknowledge();
        else receiver.take(unbundle(update, context.config), acknowledge);
      },
      onGoing: (reason) => this.#going(socket, reason),
      onClosed: (why) => this.#closed(socket, why),
      onAlive: () => context.alive({ kind: "pong", at: Date.now() }),
    });
    const abandon = () => socket.close();
    this.#signal.addEventListener("abort", abandon, { once: true });
    try {
      await socket.ready();
    } finally {
      this.#signal.removeEventListener("abort", abandon);
    }
    if (this.#signal.aborted) socket.close();
    else this.#open.add(socket);
  }

  /** Slack says beforehand when it will close a socket: a new one stands before the old one is let go. */
  #going(socket: Socket, reason: string): void {
    if (reason === "link_disabled") {
      this.#loose(
        new SwitchboardError("CONN_001", "Socket Mode was switched off in the app's settings.", {
          scope: "account",
          action: "Switch Socket Mode on again, or set up the Events API.",
        }),
      );
      return;
    }
    if (this.#leaving.has(socket)) return;
    this.#leaving.add(socket);
    this.#inBackground(
      this.#replace().then(async () => {
        await pause(this.#options.context, OVERLAP_MS, this.#signal);
        this.#open.delete(socket);
        socket.close();
      }),
    );
  }

  #closed(socket: Socket, why: string): void {
    if (!this.#open.delete(socket) || this.#signal.aborted || this.#leaving.has(socket)) return;
    this.#options.context.log.info({ why, left: this.#open.size }, "a socket to Slack closed and is replaced");
    this.#inBackground(this.#replace());
  }

  /** One more socket. While others stand it is tried again and again; with none left a failure is the connection's. */
  async #replace(): Promise<void> {
    const { context } = this.#options;
    for (let failures = 0; !this.#signal.aborted; failures++) {
      try {
        await this.#add();
        return;
      } catch (thrown) {
        if (this.#signal.aborted) return;
        const error = toSwitchboardError(thrown, "CONN_001");
        if (![...this.#open].some(({ isOpen }) => isOpen) || !error.retryable) {
          this.#loose(error);
          return;
        }
        const ms = Math.min(LONGEST_PAUSE_MS, context.config.socketPauseMs * 2 ** Math.min(failures, 10));
        await pause(context, Math.max(ms, error.retryAfterMs ?? 0), this.#signal);
      }
    }
  }

  #loose(error: SwitchboardError): void {
    if (this.#lost || this.#signal.aborted) return;
    this.#lost = true;
    this.#options.onLost(error);
  }

  #inBackground(work: Promise<void>): void {
    const quiet = work.catch(() => {}).finally(() => this.#work.delete(quiet));
    this.#work.add(quiet);
  }
}
