/** What goes wrong on purpose. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "@switchboard/domain";

/** What a call does, as faults tell calls apart. */
export type CallKind = "send" | "edit" | "receive" | "other";

export class Faults {
  #waiting: { readonly fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    this.#waiting.push({ fault, left: fault.times });
  }

  /** The fault that this call meets, which is then used up once. */
  take(kind: CallKind, conversation?: string): Fault | undefined {
    if (this.#waiting.length === 0) return undefined;
    const met = this.#waiting.find(
      ({ fault }) =>
        (fault.on === "any" || fault.on === kind) &&
        (fault.conversation === undefined || fault.conversation === conversation),
    );
    if (!met) return undefined;
    met.left -= 1;
    if (met.left <= 0) this.#waiting = this.#waiting.filter((other) => other !== met);
    return met.fault;
  }
}

export type Outcome<Result> =
  | { readonly kind: "result"; readonly result: Result }
  /** The connection breaks. */
  | { readonly kind: "cut" };

export interface FaultyCall<Result> {
  readonly fault: Fault | undefined;
  /** What the account is told instead of an answer: rate-limit, server-error, forbidden, unauthorised. */
  readonly refusal: (fault: Fault) => Error | undefined;
  /** Does what was asked, and keeps it. */
  readonly run: () => Result | Promise<Result>;
}

/** Runs a call with the fault it meets. Rejects with the refusal, or with what `run` throws. */
export async function underFault<Result>({ fault, refusal, run }: FaultyCall<Result>): Promise<Outcome<Result>> {
  if (fault?.kind === "cut-before") return { kind: "cut" };
  const refused = fault && refusal(fault);
  if (refused) throw refused;
  const result = await run();
  if (fault?.kind === "slow") await sleep(fault.delayMs ?? 0);
  return fault?.kind === "cut-after" ? { kind: "cut" } : { kind: "result", result };
}

/** The time a refused call is told to wait, in whole seconds. */
export function retryAfterSeconds({ retryAfterMs = 1000 }: Fault): number {
  return Math.max(1, Math.ceil(retryAfterMs / 1000));
}
