/** Delivers to the account's webhook: in order per lane, lanes in parallel, again and again until it says 2xx. */
import type { Fault } from "@switchboard/domain";
import { Agent } from "undici";
import type { Delivery, DeliveryQueue } from "./queue.ts";

/** The longest pause between two attempts is this many times the first. */
const LONGEST_PAUSE = 60;
/** How long the account may take to answer, in milliseconds. */
const ANSWER_MS = 60_000;
/** Deliveries at the same time. */
const CONNECTIONS = 40;

/** Which attempt at a delivery it is. */
export interface Attempt {
  /** From 1. */
  readonly number: number;
  /** Why the one before failed. */
  readonly because?: string;
}

export interface WebhookRequest {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface WebhookAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

export interface WebhookOptions {
  readonly queue: DeliveryQueue;
  /** First pause between two attempts, in milliseconds. */
  readonly retryMs: number;
  /** What should go wrong with the next delivery. */
  readonly fault: () => Fault | undefined;
  /** Where a delivery goes and its headers, signature and content type among them. The body is the delivery's. */
  readonly request: (delivery: Delivery, attempt: Attempt) => WebhookRequest;
  /** How long the account may take to answer, in milliseconds. Default one minute. */
  readonly answerMs?: number;
  /** After so many attempts a delivery is given up. Default: never. */
  readonly attempts?: number;
  readonly onGivenUp?: (delivery: Delivery) => void;
  /** The account took a delivery and said this. */
  readonly onAnswer?: (answer: WebhookAnswer, delivery: Delivery) => void;
}

/** What became of deliveries. */
export interface LastError {
  /** Unix seconds. */
  readonly date: number;
  readonly message: string;
}

interface Lane {
  readonly deliveries: Delivery[];
  failures: number;
  because?: string;
  state: "idle" | "ready" | "sending" | "pausing";
}

type Outcome =
  | { readonly ok: true; readonly answer: WebhookAnswer }
  | { readonly ok: false; readonly why: string; readonly retryAfterMs: number };

export class Webhook {
  readonly #options: WebhookOptions;
  readonly #lanes = new Map<string, Lane>();
  readonly #ready: Lane[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  /** Who sends: a new one after each `start`. */
  #agent: Agent | undefined;
  #connections = CONNECTIONS;
  #sending = 0;
  lastError: LastError | undefined;

  constructor(options: WebhookOptions) {
    this.#options = options;
    options.queue.onArrival((delivery) => {
      if (!this.#agent) return;
      if (delivery) this.#enqueue(delivery);
      else for (const again of options.queue.takeAgain()) this.#enqueue(again);
      this.#work();
    });
  }

  /** Starts over with everything that is pending. `connections`: most deliveries at the same time. */
  start(connections = CONNECTIONS): void {
    this.stop();
    const { queue, answerMs = ANSWER_MS } = this.#options;
    this.#connections = connections;
    this.#agent = new Agent({ connections, headersTimeout: answerMs, bodyTimeout: answerMs });
    for (const delivery of queue.from()) this.#enqueue(delivery);
    this.#work();
  }

  stop(): void {
    this.lastError = undefined;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#lanes.clear();
    this.#ready.length = 0;
    this.#sending = 0;
    void this.#agent?.destroy();
    this.#agent = undefined;
  }

  #enqueue(delivery: Delivery): void {
    let lane = this.#lanes.get(delivery.lane);
    if (!lane) {
      lane = { deliveries: [], failures: 0, state: "idle" };
      this.#lanes.set(delivery.lane, lane);
    }
    lane.deliveries.push(delivery);
    if (lane.state === "idle") this.#makeReady(lane);
  }

  #makeReady(lane: Lane): void {
    lane.state = "ready";
    this.#ready.push(lane);
  }

  #work(): void {
    const agent = this.#agent;
    if (!agent) return;
    while (this.#sending < this.#connections) {
      const lane = this.#ready.shift();
      const delivery = lane?.deliveries[0];
      if (!lane || !delivery) return;
      lane.state = "sending";
      this.#sending += 1;
      const attempt: Attempt = {
        number: lane.failures + 1,
        ...(lane.because !== undefined && { because: lane.because }),
      };
      void this.#send(agent, delivery, attempt).then((outcome) => {
        // A webhook that was replaced meanwhile no longer decides anything, except that what it took is taken.
        if (outcome.ok) this.#options.queue.confirm(delivery.id);
        if (this.#agent !== agent) return;
        this.#sending -= 1;
        this.#settle(lane, delivery, outcome);
        this.#work();
      });
    }
  }

  #settle(lane: Lane, delivery: Delivery, outcome: Outcome): void {
    const { attempts = Number.POSITIVE_INFINITY, onAnswer, onGivenUp, queue } = this.#options;
    if (outcome.ok) {
      onAnswer?.(outcome.answer, delivery);
      this.#next(lane, delivery);
      return;
    }
    this.lastError = { date: Math.floor(Date.now() / 1000), message: outcome.why };
    if (lane.failures + 1 >= attempts) {
      queue.confirm(delivery.id);
      onGivenUp?.(delivery);
      this.#next(lane, delivery);
      return;
    }
    this.#pause(lane, outcome.retryAfterMs || this.#pauseAfter(lane.failures));
    lane.failures += 1;
    lane.because = outcome.why;
  }

  /** The delivery is done with, for good or ill. */
  #next(lane: Lane, delivery: Delivery): void {
    lane.deliveries.shift();
    lane.failures = 0;
    delete lane.because;
    if (lane.deliveries.length > 0) {
      this.#makeReady(lane);
    } else {
      lane.state = "idle";
      this.#lanes.delete(delivery.lane);
    }
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

  async #send(agent: Agent, delivery: Delivery, attempt: Attempt): Promise<Outcome> {
    const fault = this.#options.fault();
    if (fault?.kind === "slow") await new Promise((resolve) => setTimeout(resolve, fault.delayMs ?? 0));
    else if (fault && fault.kind !== "cut-after") return failed("Connection reset by peer");
    try {
      const { url, headers } = this.#options.request(delivery, attempt);
      const { origin, pathname, search } = new URL(url);
      const answer = await agent.request({
        origin,
        path: pathname + search,
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: delivery.body,
      });
      const body = await answer.body.text();
      if (fault?.kind === "cut-after") return failed("Connection closed");
      if (answer.statusCode >= 200 && answer.statusCode <= 299) {
        return { ok: true, answer: { status: answer.statusCode, headers: answer.headers, body } };
      }
      const retryAfter = Number(answer.headers["retry-after"]);
      const why = `Wrong response from the webhook: ${answer.statusCode} ${answer.statusText}`.trimEnd();
      return failed(why, Number.isFinite(retryAfter) ? retryAfter * 1000 : 0);
    } catch (error) {
      return failed(reasonOf(error));
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
