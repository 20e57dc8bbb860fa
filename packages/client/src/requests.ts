/** Requests that wait for their answers. */
import { fromErrorShape, type ResponseFrame, SwitchboardError } from "@switchboard/protocol";
import type { RequestOptions } from "./options.ts";

interface Waiting {
  readonly text: string;
  /** Whether it went out on the present link. */
  sent: boolean;
  readonly options: RequestOptions;
  done(outcome: { readonly value: unknown } | { readonly error: unknown }): void;
}

const TIMEOUT_MS = 30_000;

export class Requests {
  readonly #waiting = new Map<string, Waiting>();
  readonly #timeoutMs: number;
  #next = 1;

  constructor(timeoutMs = TIMEOUT_MS) {
    this.#timeoutMs = timeoutMs;
  }

  /** Makes a request; `send` is called with its text when it can go out, now or after the next handshake. */
  make(method: string, params: unknown, options: RequestOptions, send: ((text: string) => void) | undefined) {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const { signal } = options;
    if (signal?.aborted) return Promise.reject(signal.reason);
    const id = `${this.#next}`;
    this.#next += 1;
    const limitMs = options.timeoutMs ?? (options.expectFinal ? undefined : this.#timeoutMs);
    const late = () => done({ error: timeout(method, waiting.sent) });
    const timer = limitMs === undefined ? undefined : setTimeout(late, limitMs);
    const aborted = () => done({ error: signal?.reason });
    const done: Waiting["done"] = (outcome) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", aborted);
      this.#waiting.delete(id);
      if ("value" in outcome) resolve(outcome.value);
      else reject(outcome.error);
    };
    const waiting: Waiting = { text: JSON.stringify({ type: "req", id, method, params }), sent: false, options, done };
    signal?.addEventListener("abort", aborted);
    this.#waiting.set(id, waiting);
    if (send) this.#send(waiting, send);
    return promise;
  }

  /** A new link is ready: what was asked meanwhile goes out. */
  flush(send: (text: string) => void): void {
    for (const waiting of this.#waiting.values()) if (!waiting.sent) this.#send(waiting, send);
  }

  answered({ id, ok, payload, error }: ResponseFrame): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    if (!ok) {
      waiting.done({ error: fromErrorShape(error ?? { code: "UNAVAILABLE", message: "no reason given" }) });
    } else if (isAccepted(payload)) {
      waiting.options.onAccepted?.(payload);
      if (!waiting.options.expectFinal) waiting.done({ value: payload });
    } else waiting.done({ value: payload });
  }

  /** The link ended: nobody knows what became of what was sent. What was not sent yet goes on waiting. */
  lost(error: SwitchboardError): void {
    for (const waiting of [...this.#waiting.values()]) {
      if (waiting.sent)
        waiting.done({ error: new SwitchboardError("SYS_004", error.message, { delivered: "unknown" }) });
    }
  }

  /** There will be no further link. */
  abandon(error: Error): void {
    for (const waiting of [...this.#waiting.values()]) waiting.done({ error });
  }

  #send(waiting: Waiting, send: (text: string) => void): void {
    try {
      send(waiting.text);
      waiting.sent = true;
    } catch (error) {
      waiting.done({ error });
    }
  }
}

/** How a first answer tells itself from a last one. */
function isAccepted(payload: unknown): boolean {
  return typeof payload === "object" && payload !== null && (payload as { status?: unknown }).status === "accepted";
}

function timeout(method: string, sent: boolean): SwitchboardError {
  return new SwitchboardError("SYS_004", `The gateway did not answer ${method} in time.`, {
    delivered: sent ? "unknown" : "no",
  });
}
