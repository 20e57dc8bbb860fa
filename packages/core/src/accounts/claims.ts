/**
 * Which of several nodes runs an account (TEN-7): the one that holds the lease on it in the store. Another takes over when
 * that is given back or runs out.
 */
import { type AccountRef, accountKey, type Json, SwitchboardError, toErrorRecord } from "@switchboard/domain";
import { type AccountLease, type Clock, type Log, type Store, sleep } from "../ports/index.ts";
import type { AccountStatus } from "./status.ts";

const LEASE_MS = 15_000;
const KEEP_EVERY_MS = 4_000;
/** How long a change that must not meet a connection waits for the node that has one. */
const LET_GO_MS = 10_000;
const LOOK_EVERY_MS = 50;

export interface ClaimsPorts {
  readonly store: Pick<Store, "accounts">;
  readonly clock: Clock;
  readonly log: Log;
  /** Names this process. */
  readonly owner: string;
  /** Tells the other nodes that something about the account is new. */
  tell(ref: AccountRef): void;
}

export interface Claim {
  /** Of this start of the account. */
  readonly generation: number;
  /** Aborts with STORE_007 when another node may have taken the account. */
  readonly lost: AbortSignal;
}

interface Held {
  readonly ref: AccountRef;
  readonly lost: AbortController;
  until: number;
  /** What is yet to be said of the account. */
  news?: AccountStatus | undefined;
  saying?: Promise<void> | undefined;
}

export class Claims {
  readonly #ports: ClaimsPorts;
  readonly #held = new Map<string, Held>();
  /** Who waits for an account that another node has. */
  readonly #waiting = new Map<string, () => void>();
  #cancel: (() => void) | undefined;
  #unwatch: (() => void) | undefined;

  constructor(ports: ClaimsPorts) {
    this.#ports = ports;
  }

  start(): void {
    this.#cancel = this.#ports.clock.after(KEEP_EVERY_MS, () => void this.#keep());
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#unwatch?.();
    this.#unwatch = undefined;
  }

  /** Resolves when the account is this node's; `standBy` is called while it is another's. Rejects when `signal` aborts. */
  async take(ref: AccountRef, signal: AbortSignal, standBy: () => void): Promise<Claim> {
    const { store } = this.#ports;
    for (;;) {
      const node = this.#lease();
      const generation = await store.accounts.claim(ref, node);
      if (generation !== undefined) {
        const held = { ref, lost: new AbortController(), until: node.now + node.leaseMs };
        this.#held.set(accountKey(ref), held);
        return { generation, lost: held.lost.signal };
      }
      standBy();
      await this.#vacant(ref, signal);
    }
  }

  /** Gives the account back, if this node has it. */
  async release(ref: AccountRef): Promise<void> {
    const { log, owner, store } = this.#ports;
    const held = this.#held.get(accountKey(ref));
    if (!held) return;
    this.#held.delete(accountKey(ref));
    await held.saying;
    try {
      await store.accounts.release(ref, owner);
    } catch (error) {
      log.warn({ ...ref, error: toErrorRecord(error) }, "an account could not be given back; its lease runs out");
    }
  }

  /** Says how an account is, if this node has it. */
  report(status: AccountStatus): void {
    const held = this.#held.get(accountKey(status));
    if (!held) return;
    held.news = status;
    held.saying ??= this.#say(held);
  }

  /** How another node says the account is. An account that nobody has any more is asked for at once. */
  async elsewhere(ref: AccountRef): Promise<AccountStatus | undefined> {
    const { clock, owner, store } = this.#ports;
    const holder = await store.accounts.holder(ref, clock.now());
    if (!holder) this.#waiting.get(accountKey(ref))?.();
    return holder && holder.owner !== owner ? (holder.status as unknown as AccountStatus | undefined) : undefined;
  }

  /** Resolves when no other node has the account, which has to be off; at the latest after ten seconds. */
  async othersLetGo(ref: AccountRef): Promise<void> {
    const { clock, log, owner, store } = this.#ports;
    for (const until = clock.now() + LET_GO_MS; clock.now() < until; await sleep(clock, LOOK_EVERY_MS)) {
      const holder = await store.accounts.holder(ref, clock.now());
      if (!holder || holder.owner === owner) return;
    }
    log.warn({ ...ref }, "the node that has the account has not let go of it in time");
  }

  #lease(): AccountLease {
    const { clock, owner } = this.#ports;
    return { owner, leaseMs: LEASE_MS, now: clock.now() };
  }

  /** Resolves when the account may be free. */
  #vacant(ref: AccountRef, signal: AbortSignal): Promise<void> {
    const key = accountKey(ref);
    return new Promise<void>((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const stop = () => end(() => reject(signal.reason));
      const end = (settle: () => void) => {
        signal.removeEventListener("abort", stop);
        this.#waiting.delete(key);
        settle();
      };
      signal.addEventListener("abort", stop, { once: true });
      this.#waiting.set(key, () => end(resolve));
    });
  }

  async #keep(): Promise<void> {
    const { log, store } = this.#ports;
    const mine = [...this.#held.values()];
    this.#watch();
    const node = this.#lease();
    try {
      const kept = new Set((await store.accounts.keep(node)).map(accountKey));
      for (const held of mine) {
        if (kept.has(accountKey(held.ref))) held.until = node.now + node.leaseMs;
        else this.#lose(held);
      }
      this.#watch();
      if (this.#waiting.size > 0) {
        for (const ref of await store.accounts.vacant(node.now)) this.#waiting.get(accountKey(ref))?.();
      }
    } catch (error) {
      log.warn({ error: toErrorRecord(error) }, "the accounts of this node could not be kept; trying again");
    }
    if (this.#cancel) this.start();
  }

  /** What has run out is lost at that moment, however long the database takes to say anything. */
  #watch(): void {
    const { clock } = this.#ports;
    this.#unwatch?.();
    const first = Math.min(...[...this.#held.values()].map(({ until }) => until));
    if (!this.#cancel || !Number.isFinite(first)) return;
    this.#unwatch = clock.after(Math.max(0, first - clock.now()), () => {
      for (const held of [...this.#held.values()]) if (held.until <= clock.now()) this.#lose(held);
      this.#watch();
    });
  }

  #lose(held: Held): void {
    const key = accountKey(held.ref);
    if (this.#held.get(key) !== held) return;
    this.#held.delete(key);
    this.#ports.log.warn({ ...held.ref }, "another node may run this account now; it stops here");
    held.lost.abort(new SwitchboardError("STORE_007", "Another node runs the account now."));
  }

  async #say(held: Held): Promise<void> {
    const { log, owner, store, tell } = this.#ports;
    try {
      while (held.news) {
        const { news } = held;
        held.news = undefined;
        await store.accounts.report(held.ref, owner, news as unknown as Json);
        tell(held.ref);
      }
    } catch (error) {
      log.warn({ ...held.ref, error: toErrorRecord(error) }, "the other nodes could not be told how an account is");
    }
    held.saying = undefined;
  }
}
