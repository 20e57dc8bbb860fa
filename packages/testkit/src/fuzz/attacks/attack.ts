import type { Random } from "../../long-run/random.ts";
import type { Arena } from "../arena.ts";

/** One way to do harm. It ends by itself, or soon after `over` is set. */
export interface Attack {
  readonly name: string;
  /** How often it is chosen. */
  readonly weight: number;
  run(arena: Arena, random: Random, how: AttackOptions): Promise<void>;
}

export interface AttackOptions {
  /** Sockets that a flood opens. */
  readonly connections: number;
  /** Set when this round ends. */
  readonly over: AbortSignal;
}

/** How long a line of an attacker is left open to hear what comes, in milliseconds. */
export const LISTEN_MS = 1_000;
