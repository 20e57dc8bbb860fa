/** Hears every step from the gateway, over kills and restarts, and has the book complete what it missed. */
import { GatewayClient } from "@switchboard/client";
import { SwitchboardError } from "@switchboard/domain";
import { CLIENT_IDS } from "@switchboard/protocol";
import type { FullTrace, TracedMessage } from "./api.ts";
import type { GatewayHandle } from "./gateway-handle.ts";
import { TraceBook } from "./trace-book.ts";

/** On the same machine there is no reason to wait long. */
const RECONNECT = { minMs: 150, maxMs: 1_000, stableMs: 1_000 } as const;
/** Steps of one message come close together; the written trace is read once for all of them. */
const LEARN_AFTER_MS = 60;
/** Traces read at a time: under load the trace must not become the load. */
const MOST_AT_ONCE = 4;
/** Deliveries looked at after a break, for messages that came and went meanwhile. */
const LOOK_BACK = 20;

export class TraceRelay {
  readonly book = new TraceBook();
  readonly #handle: GatewayHandle;
  readonly #onMessage: (message: TracedMessage) => void;
  readonly #stopHearing: () => void;
  /** Ids whose written trace shall be read, oldest wish first. */
  readonly #wanted = new Set<string>();
  #client: GatewayClient | undefined;
  #url: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reading = 0;
  #closed = false;

  constructor(handle: GatewayHandle, onMessage: (message: TracedMessage) => void) {
    this.#handle = handle;
    this.#onMessage = onMessage;
    this.#stopHearing = handle.onChange(() => this.#follow());
    this.#follow();
  }

  close(): void {
    this.#closed = true;
    this.#stopHearing();
    clearTimeout(this.#timer);
    this.#client?.close();
  }

  /** @throws SYS_004 when the gateway is away, REQ_002 for an unknown id. */
  async trace(id: string): Promise<FullTrace> {
    if (!this.#client?.hello) throw new SwitchboardError("SYS_004");
    const trace = await this.#client.request("trace.get", { id }, { timeoutMs: 5_000 });
    this.#onMessage(this.book.learn(trace));
    return trace;
  }

  #follow(): void {
    const url = this.#handle.url();
    if (url === undefined || this.#closed) return;
    if (url !== this.#url) {
      this.#client?.close();
      this.#client = this.#connect(url);
      this.#url = url;
    }
    // Tries at once instead of waiting for its turn.
    if (this.#handle.state() === "running") this.#client?.connect().catch(() => {});
  }

  #connect(url: string): GatewayClient {
    const client = new GatewayClient({
      url,
      token: this.#handle.token,
      client: { id: CLIENT_IDS.backend, version: "0.1.0", platform: process.platform, mode: "backend" },
      scopes: ["operator.read"],
      reconnect: RECONNECT,
    });
    client.onHello(() => void this.#catchUp(client));
    client.onGap(() => this.#learnAll());
    client.on("trace", (step) => {
      const message = this.book.add(step);
      this.#onMessage(message);
      this.#learn(message.ids[0] ?? message.id);
    });
    return client;
  }

  /** After every handshake: listen, and read about what may have gone on while nobody listened. */
  async #catchUp(client: GatewayClient): Promise<void> {
    try {
      await client.request("trace.subscribe", {});
      this.#learnAll();
      // A sandbox that was started anew begins with the latest of what was before.
      const since = Math.max(0, ...this.book.list().flatMap(({ steps }) => steps.map(({ at }) => at)));
      const { deliveries } = await client.request("deliveries.list", { limit: LOOK_BACK });
      for (const { createdAt, id } of deliveries) if (createdAt >= since && !this.book.find(id)) this.#learn(id);
    } catch {
      // The line broke again; the next handshake tries anew.
    }
  }

  #learnAll(): void {
    for (const { id, ids } of this.book.open()) this.#learn(ids[0] ?? id);
  }

  #learn(id: string): void {
    this.#wanted.add(id);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#readWanted();
    }, LEARN_AFTER_MS);
  }

  #readWanted(): void {
    for (const id of this.#wanted) {
      if (this.#reading >= MOST_AT_ONCE || !this.#client?.hello) return;
      this.#wanted.delete(id);
      this.#reading += 1;
      this.trace(id)
        .catch(() => {})
        .finally(() => {
          this.#reading -= 1;
          if (!this.#closed) this.#readWanted();
        });
    }
  }
}
