/** Finds accounts that another node has changed without this one having heard of it. */
import { type AccountRef, accountKey, toErrorRecord } from "@switchboard/domain";
import type { Account, AccountOutline, Clock, Log, Store } from "../ports/index.ts";
import { refOf } from "./account-rows.ts";

const COMPARE_MS = 15_000;

export interface ComparisonPorts {
  readonly store: Pick<Store, "accounts">;
  readonly clock: Clock;
  readonly log: Log;
  /** The rows that this node works with. */
  known(): readonly Account[];
  /** Works with what an account is by now. */
  follow(ref: AccountRef): Promise<void>;
}

export class Comparison {
  readonly #ports: ComparisonPorts;
  #cancel: (() => void) | undefined;

  constructor(ports: ComparisonPorts) {
    this.#ports = ports;
  }

  start(): void {
    this.#cancel = this.#ports.clock.after(COMPARE_MS, () => void this.#compare());
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  async #compare(): Promise<void> {
    const { follow, log, store } = this.#ports;
    try {
      const outlines = await store.accounts.outlines();
      const news = differing(this.#ports.known(), outlines);
      await Promise.all(news.map((ref) => follow(ref)));
    } catch (error) {
      log.warn({ error: toErrorRecord(error) }, "could not look for accounts that other nodes have changed");
    }
    if (this.#cancel) this.start();
  }
}

function differing(known: readonly Account[], outlines: readonly AccountOutline[]): AccountRef[] {
  const version = ({ createdAt, revision }: AccountOutline) => `${createdAt}/${revision}`;
  const here = new Map(known.map((row) => [accountKey(row), version(row)]));
  const there = new Map(outlines.map((outline) => [accountKey(outline), version(outline)]));
  return [
    ...outlines.filter((outline) => here.get(accountKey(outline)) !== version(outline)),
    ...known.filter((row) => !there.has(accountKey(row))).map(refOf),
  ];
}
