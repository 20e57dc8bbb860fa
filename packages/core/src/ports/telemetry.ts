/** Figures for whoever watches. Every call is cheap and never throws. */
import type { AccountRef } from "@switchboard/domain";

export type RenewalOutcome = "ok" | "later" | "failed";

export interface Telemetry {
  received(ref: AccountRef, events: number, duplicates: number): void;
  settled(ref: AccountRef, state: string): void;
  /** Milliseconds from storing an event to the end of what was decided about it. */
  admission(ms: number): void;
  turn(agent: string, state: string, ms: number): void;
  /** One attempt to send; `ms` is the platform's time. */
  attempt(ref: AccountRef, outcome: string, ms: number): void;
  /** Milliseconds from the event that caused an answer coming in to the answer being sent, the agent's time included (CONN-5). */
  answered(ref: AccountRef, ms: number): void;
  reconnect(ref: AccountRef, code: string): void;
  /** An account's credential was renewed (`ok`), not yet (`later`), or cannot be any more (`failed`). */
  renewal(ref: AccountRef, outcome: RenewalOutcome): void;
  connection(ref: AccountRef, state: string): void;
  storeFailure(code: string): void;
}

const nothing = () => {};

/** Keeps nothing. */
export const noTelemetry: Telemetry = {
  received: nothing,
  settled: nothing,
  admission: nothing,
  turn: nothing,
  attempt: nothing,
  answered: nothing,
  reconnect: nothing,
  renewal: nothing,
  connection: nothing,
  storeFailure: nothing,
};
