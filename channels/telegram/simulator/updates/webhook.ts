/** Delivers updates to the bot's webhook: in order per lane, lanes in parallel, again and again until it says 2xx. */
import type { Fault } from "@switchboard/domain";
import { Agent } from "undici";
import type { WebhookConfig } from "../world/bot.ts";
import type { QueuedUpdate, UpdateQueue } from "./queue.ts";

/** The longest pause between two attempts is this many times the first. */
const LONGEST_PAUSE = 60;
/** How long the bot may take to answer, in milliseconds. */
const ANSWER_MS = 60_000;

export interface WebhookOptions {
  readonly queue: UpdateQueue;
  /** First pause between two attempts, in milliseconds. */
  readonly retryMs: number;
  /** What should go wrong with the next delivery. */
  readonly fault: () => Fault | undefined;
  /** The bot answered with a method call, as it may. */
  readonly onCall: (method: string, parameters: Record<string, unknown>) => void;
}

/** What became of deliveries, as `getWebhookInfo` tells. */
export interface LastError {
  /** Unix seconds. */
  readonly date: number;
  readonly message: string;
}

interface Lane {
  readonly updates: QueuedUpdate[];
  failures: number;
  state: "idle" | "ready" | "sending" | "pausing";
}

type Outcome =
  | { readonly ok: true; readonly body: string }
  | { readonly ok: false; readonly why: string; readonly retryAfterMs: number };

export class Webhook {
  readonly #options: WebhookOptions;
  readonly #lanes = new Map<string, Lane>();
  readonly #ready: Lane[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  #config: WebhookConfig | undefined;
  #agent: Agent | undefined;
  #sending = 0;
  lastError: LastError | undefined;

  constructor(options: WebhookOptions) {
    this.#options = options;
    options.queue.onArrival((update) => {
      if (!this.#config) return;
      if (update) this.#enqueue(update);
      else for (const again of options.queue.takeAgain()) this.#enqueue(again);
      this.#work();
    });
  }

  /** Starts over with everything that is pending. */
  set(config: WebhookConfig): void {
    this.remove();
    this.#config = config;
    this.#agent = new Agent({ connections: config.maxConnections, headersTimeout: ANSWER_MS, bodyTimeout: ANSWER_MS });
    for (const update of this.#options.queue.from()) this.#enqueue(update);
    this.#work();
  }

  remove(): void {
    this.#config = undefined;
    this.lastError = undefined;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#lanes.clear();
    this.#ready.length = 0;
    this.#sending = 0;
    void this.#agent?.destroy();
    this.#agent = undefined;
  }

  #enqueue(update: QueuedUpdate): void {
    let lane = this.#lanes.get(update.lane);
    if (!lane) {
      lane = { updates: [], failures: 0, state: "idle" };
      this.#lanes.set(update.lane, lane);
    }
    lane.updates.push(update);
    if (lane.state === "idle") this.#makeReady(lane);
  }

  #makeReady(lane: Lane): void {
    lane.state = "ready";
    this.#ready.push(lane);
  }

  #work(): void {
    const config = this.#config;
    if (!config) return;
    while (this.#sending < config.maxConnections) {
      const lane = this.#ready.shift();
      const update = lane?.updates[0];
      if (!lane || !update) return;
      lane.state = "sending";
      this.#sending += 1;
      void this.#send(config, update).then((outcome) => {
        // A webhook that was replaced meanwhile no longer decides anything, except that what it took is taken.
        if (outcome.ok) this.#options.queue.confirm(update.id);
        if (this.#config !== config) return;
        this.#sending -= 1;
        this.#settle(lane, update, outcome);
        this.#work();
      });
    }
  }

  #settle(lane: Lane, update: QueuedUpdate, outcome: Outcome): void {
    if (outcome.ok) {
      lane.updates.shift();
      lane.failures = 0;
      this.#obey(outcome.body);
      if (lane.updates.length > 0) {
        this.#makeReady(lane);
      } else {
        lane.state = "idle";
        this.#lanes.delete(update.lane);
      }
      return;
    }
    this.lastError = { date: Math.floor(Date.now() / 1000), message: outcome.why };
    this.#pause(lane, outcome.retryAfterMs || this.#pauseAfter(lane.failures));
    lane.failures += 1;
  }

  /** The first attempt is repeated at once, then the pauses double. */
  #pauseAfter(failures: number): number {
    return failures === 0 ? 0 : Math.min(2 ** failures, LONGEST_PAUSE) * this.#options.retryMs;
  }

  #pause(lane: Lane, ms: number): void {
    lane.state = "pausing";
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#makeReady(lane);
      this.#work();
    }, ms);
    this.#timers.add(timer);
  }

  async #send(config: WebhookConfig, update: QueuedUpdate): Promise<Outcome> {
    const fault = this.#options.fault();
    if (fault?.kind === "slow") await new Promise((resolve) => setTimeout(resolve, fault.delayMs ?? 0));
    else if (fault && fault.kind !== "cut-after") return failed("Connection reset by peer");
    try {
      const { origin, pathname, search } = new URL(config.url);
      const answer = await this.#agent?.request({
        origin,
        path: pathname + search,
        method: "POST",
        headers: {
          "content-type": "application/json",
          ...(config.secret !== undefined && { "x-telegram-bot-api-secret-token": config.secret }),
        },
        body: update.json,
      });
      if (!answer) return failed("Webhook was removed");
      const body = await answer.body.text();
      if (fault?.kind === "cut-after") return failed("Connection closed");
      if (answer.statusCode >= 200 && answer.statusCode <= 299) return { ok: true, body };
      const retryAfter = Number(answer.headers["retry-after"]);
      const why = `Wrong response from the webhook: ${answer.statusCode} ${answer.statusText}`.trimEnd();
      return failed(why, Number.isFinite(retryAfter) ? retryAfter * 1000 : 0);
    } catch (error) {
      return failed(reasonOf(error));
    }
  }

  #obey(body: string): void {
    if (!body.includes('"method"')) return;
    try {
      const { method, ...parameters } = JSON.parse(body) as Record<string, unknown>;
      if (typeof method === "string") this.#options.onCall(method, parameters);
    } catch {
      // An answer that is no JSON is none of Telegram's business.
    }
  }
}

function failed(why: string, retryAfterMs = 0): Outcome {
  return { ok: false, why, retryAfterMs };
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ECONNREFUSED") return "Connection refused";
  if (code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT") return "Read timeout expired";
  if (code === "ENOTFOUND") return "Failed to resolve host: Name or service not known";
  return "Connection reset by peer";
}
