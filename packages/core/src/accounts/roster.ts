/** Which accounts this process has: those that can run, and those that cannot with what keeps them from it. */
import { type AccountRef, accountKey, SwitchboardError, type TenantId } from "@switchboard/domain";
import type { Account } from "../ports/index.ts";
import type { AccountRuntime } from "./runtime.ts";
import { type AccountStatus, brokenStatus } from "./status.ts";

/** An account that cannot run, and why: an unknown channel, a config that is no longer valid. */
export interface BrokenAccount {
  readonly row: Account;
  readonly error: SwitchboardError;
}

export class Roster {
  readonly #runtimes = new Map<string, AccountRuntime>();
  readonly #broken = new Map<string, BrokenAccount>();

  get(ref: AccountRef): AccountRuntime | undefined {
    return this.#runtimes.get(accountKey(ref));
  }

  /** @throws CFG_003, or what keeps the account from running. */
  require(ref: AccountRef): AccountRuntime {
    const runtime = this.get(ref);
    if (runtime) return runtime;
    throw this.brokenOf(ref)?.error ?? noSuchAccount(ref);
  }

  /** Those that can run, of one tenant or of all. */
  list(tenant?: TenantId): AccountRuntime[] {
    const all = [...this.#runtimes.values()];
    return tenant === undefined ? all : all.filter(({ ref }) => ref.tenant === tenant);
  }

  /** Whether accounts of more than one tenant can run. */
  get ofSeveralTenants(): boolean {
    let first: TenantId | undefined;
    for (const { ref } of this.#runtimes.values()) {
      first ??= ref.tenant;
      if (ref.tenant !== first) return true;
    }
    return false;
  }

  broken(): BrokenAccount[] {
    return [...this.#broken.values()];
  }

  brokenOf(ref: AccountRef): BrokenAccount | undefined {
    return this.#broken.get(accountKey(ref));
  }

  /** The stored rows that are worked with, of accounts that cannot run, too. */
  rows(): Account[] {
    return [...this.list(), ...this.broken()].map(({ row }) => row);
  }

  rowOf(ref: AccountRef): Account | undefined {
    return (this.get(ref) ?? this.brokenOf(ref))?.row;
  }

  statuses(tenant: TenantId, now: number): readonly AccountStatus[] {
    const broken = this.broken().filter(({ row }) => row.tenant === tenant);
    return [
      ...this.list(tenant).map(({ supervisor }) => supervisor.status()),
      ...broken.map(({ row, error }) => brokenStatus(row, error, now)),
    ];
  }

  /** The account runs as this from now on. */
  add(runtime: AccountRuntime): void {
    const key = accountKey(runtime.ref);
    this.#broken.delete(key);
    this.#runtimes.set(key, runtime);
  }

  addBroken(broken: BrokenAccount): void {
    const key = accountKey(broken.row);
    this.#runtimes.delete(key);
    this.#broken.set(key, broken);
  }

  remove(ref: AccountRef): void {
    this.#runtimes.delete(accountKey(ref));
    this.#broken.delete(accountKey(ref));
  }
}

export function noSuchAccount({ account, channel }: AccountRef): SwitchboardError {
  return new SwitchboardError("CFG_003", `There is no account ${channel}:${account}.`);
}
