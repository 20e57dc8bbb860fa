/** The accounts as other nodes on the same store have them (TEN-7). A process that works alone has none of this. */
import { type AccountRef, accountKey, toErrorRecord } from "@switchboard/domain";
import type { Account, Clock, Log, Store } from "../ports/index.ts";
import type { OtherNodes } from "./accounts-ports.ts";
import { Claims } from "./claims.ts";
import { Comparison } from "./comparison.ts";
import type { AccountRuntime } from "./runtime.ts";

export interface ElsewherePorts {
  readonly store: Pick<Store, "accounts">;
  readonly clock: Clock;
  readonly log: Log;
  readonly others: OtherNodes;
  get(ref: AccountRef): AccountRuntime | undefined;
  /** The rows that this node works with. */
  known(): readonly Account[];
  /** Works with what an account is by now. */
  follow(ref: AccountRef): Promise<void>;
}

export class Elsewhere {
  readonly claims: Claims;
  readonly #ports: ElsewherePorts;
  readonly #comparison: Comparison;

  constructor(ports: ElsewherePorts) {
    this.#ports = ports;
    this.claims = new Claims({ ...ports, ...ports.others });
    this.#comparison = new Comparison(ports);
  }

  start(): void {
    this.#comparison.start();
    this.claims.start();
  }

  /** Follows nobody any more. Call `stop` when no account runs here any more. */
  stopFollowing(): void {
    this.#comparison.stop();
  }

  stop(): void {
    this.claims.stop();
  }

  /** Tells the others that an account was changed. */
  tell(ref: AccountRef): void {
    this.#ports.others.tell(ref);
  }

  /** Learns how an account is on the node that runs it. */
  async look(ref: AccountRef): Promise<void> {
    try {
      const status = await this.claims.elsewhere(ref);
      this.#ports.get(ref)?.supervisor.sawElsewhere(status);
    } catch (error) {
      const about = { account: accountKey(ref), error: toErrorRecord(error) };
      this.#ports.log.warn(about, "could not ask how an account is elsewhere");
    }
  }

  /** Turns the account off where it runs, so that nothing it keeps is written after it was wiped. */
  async letGo(ref: AccountRef): Promise<void> {
    const { clock, store } = this.#ports;
    await store.accounts.setEnabled(ref, false, clock.now());
    this.tell(ref);
    await this.claims.othersLetGo(ref);
  }
}
