/**
 * What is kept of a login: one row an account, sealed, among what the account remembers, whether the account is there yet
 * or not. Every change says from what: of two nodes that change a login at once, one reads it again.
 */
import {
  type AccountRef,
  type ErrorRecord,
  type LoginKind,
  SwitchboardError,
  toErrorRecord,
} from "@switchboard/domain";
import type { Clock, Store, Vault } from "../../ports/index.ts";
import { SEALED } from "../memory.ts";

/** `wait`: for the platform. The last four are its end. */
export type LoginState = "wait" | LoginKind | "done" | "failed" | "expired" | "cancelled";

export interface LoginRow {
  readonly id: string;
  readonly kind: LoginKind;
  readonly state: LoginState;
  /** Grows with every change that somebody should see. */
  readonly revision: number;
  /** One line for people about what to do or what happened. */
  readonly text: string;
  /** Of state `qr` what the picture says, of state `redirect` the address to open. */
  readonly payload?: string;
  /** Why it failed or expired. */
  readonly error?: ErrorRecord;
  readonly startedAt: number;
  /** Unix milliseconds: it has come to an end by then, one way or another. */
  readonly expiresAt: number;
  /** The process that runs it says so again before this. */
  readonly aliveUntil: number;
  /** The account is being made of it: too late to cancel. */
  readonly connecting?: true;
  /** In an address that was given out and nobody came back from yet. */
  readonly nonce?: string;
  /** SHA-256 of what the browser holds that began it; absent: no browser did. */
  readonly browser?: string;
  /** What was typed or came back, until the process that runs it takes it. */
  readonly answer?: { readonly code?: string; readonly error?: string };
}

const KEY = "login";
/** The end of a login can be read for this long. */
const KEPT_MS = 10 * 60_000;
const MOST_ATTEMPTS = 8;

export interface LoginRowPorts {
  readonly store: Store;
  readonly vault: Vault;
  readonly clock: Clock;
}

export function hasEnded({ state }: LoginRow): boolean {
  return state === "done" || state === "failed" || state === "expired" || state === "cancelled";
}

/** A row as it is at `now`: one whose time is over, or whose process is gone, has expired. */
export function asOf(row: LoginRow, now: number): LoginRow {
  if (hasEnded(row)) return row;
  if (now >= row.expiresAt) return expired(row, "It took too long.");
  return now >= row.aliveUntil ? expired(row, "The gateway was stopped in the middle of it.") : row;
}

export function expired(row: LoginRow, why: string): LoginRow {
  const error = new SwitchboardError("CONN_007", why, { action: "Begin again." });
  return ended(row, "expired", why, error);
}

/** Without what only a login under way needs. */
export function ended(
  { answer: _answer, connecting: _connecting, error: _error, nonce: _nonce, payload: _payload, ...row }: LoginRow,
  state: LoginState,
  text: string,
  error?: SwitchboardError,
): LoginRow {
  return { ...row, state, text, revision: row.revision + 1, ...(error && { error: toErrorRecord(error) }) };
}

export class LoginRows {
  readonly #ports: LoginRowPorts;

  constructor(ports: LoginRowPorts) {
    this.#ports = ports;
  }

  /** The account's newest login. @throws SEC_008. */
  async read(ref: AccountRef): Promise<LoginRow | undefined> {
    return (await this.#read(ref)).row;
  }

  /** Whether there is one; asks for no key. */
  async isThere(ref: AccountRef): Promise<boolean> {
    const { clock, store } = this.#ports;
    return (await store.accounts.memoryGet(ref, SEALED + KEY, clock.now())) !== undefined;
  }

  /**
   * Writes what `change` makes of the row as it is now; `undefined` leaves it. Resolves with the row that is there
   * afterwards. @throws what `change` throws; STORE_007 when others changed it again and again.
   */
  async change(
    ref: AccountRef,
    change: (row: LoginRow | undefined) => LoginRow | undefined,
  ): Promise<LoginRow | undefined> {
    const { clock, store, vault } = this.#ports;
    const key = SEALED + KEY;
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
      const { raw, row } = await this.#read(ref);
      const next = change(row);
      if (!next) return row;
      const to = await vault.seal(ref, "memory", { [KEY]: JSON.stringify(next) });
      const swap = { key, to, expiresAt: next.expiresAt + KEPT_MS, ...(raw !== undefined && { from: raw }) };
      if (await store.accounts.memorySwap(ref, [swap], clock.now())) return next;
    }
    throw new SwitchboardError("STORE_007", "The login was changed by somebody else all the time.");
  }

  async #read(ref: AccountRef): Promise<{ readonly raw?: string; readonly row?: LoginRow }> {
    const { clock, store, vault } = this.#ports;
    const raw = await store.accounts.memoryGet(ref, SEALED + KEY, clock.now());
    if (raw === undefined) return {};
    const text = (await vault.open(ref, "memory", raw))[KEY] ?? "";
    return { raw, row: asOf(JSON.parse(text) as LoginRow, clock.now()) };
  }
}
