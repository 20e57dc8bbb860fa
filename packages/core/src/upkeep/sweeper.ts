/**
 * Finds work that nobody was told of: after a restart, a lost wake-up, a retry's pause. It sleeps until the store says
 * that something is due, and never longer than a few seconds.
 */
import type { AccountRef } from "@switchboard/domain";
import { KEEP_EXPIRED_MS } from "../access/pairing.ts";
import type { Clock, LaneKind, Log, MediaStore, ReadyWork, Store } from "../ports/index.ts";

const LONGEST_SLEEP_MS = 5_000;
/** After a failure. */
const AGAIN_AFTER_MS = 1_000;
const BREAK_LEASES_EVERY_MS = 30_000;
const PRUNE_EVERY_MS = 3_600_000;
const SEAL_EVERY_MS = 3_600_000;
const PRUNE_MEDIA_EVERY_MS = 86_400_000;
const DAY_MS = 86_400_000;

export interface SweeperPorts {
  readonly store: Store;
  readonly media?: Pick<MediaStore, "prune"> | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly retention: {
    readonly messagesDays: number;
    readonly transcriptsDays: number;
    readonly auditDays: number;
    readonly usageDays: number;
  };
  /** Signs where the audit logs stand. */
  sealAudit(): Promise<void>;
  /** Claims ready work as far as there is room. */
  fill(kind: LaneKind, account: AccountRef): Promise<void>;
  /** Claims turns that wait for agents that are connected here. */
  fillWaiting(): Promise<void>;
}

export class Sweeper {
  readonly #ports: SweeperPorts;
  #timer: { readonly at: number; readonly cancel: () => void } | undefined;
  #sweeping: Promise<void> | undefined;
  #again = false;
  #stopped = true;
  #breakAt = 0;
  #sealAt = 0;
  #pruneAt = 0;
  #pruneMediaAt = 0;
  #pruningMedia: Promise<void> | undefined;

  constructor(ports: SweeperPorts) {
    this.#ports = ports;
  }

  start(): void {
    this.#stopped = false;
    const now = this.#ports.clock.now();
    this.#breakAt = now + BREAK_LEASES_EVERY_MS;
    this.#pruneAt = now + PRUNE_EVERY_MS / 60;
    this.#sealAt = this.#pruneAt;
    this.#pruneMediaAt = this.#pruneAt;
    this.wake();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#sweeping;
    await this.#pruningMedia;
  }

  /** Looks as soon as possible. */
  wake(): void {
    this.wakeAt(this.#ports.clock.now());
  }

  /** Looks at that time at the latest; earlier does no harm. */
  wakeAt(wanted: number): void {
    const now = this.#ports.clock.now();
    const at = Math.min(wanted, now + LONGEST_SLEEP_MS);
    if (this.#stopped || (this.#timer && this.#timer.at <= at)) return;
    this.#timer?.cancel();
    const delay = Math.max(0, at - now);
    const cancel = this.#ports.clock.after(delay, () => {
      this.#timer = undefined;
      this.#begin();
    });
    this.#timer = { at, cancel };
  }

  #begin(): void {
    if (this.#sweeping) {
      this.#again = true;
      return;
    }
    this.#sweeping = this.#sweep()
      .catch((error: unknown) => {
        this.#ports.log.error({ error: String(error) }, "the sweep failed; it is tried again");
        return this.#ports.clock.now() + AGAIN_AFTER_MS;
      })
      .then((next) => {
        this.#sweeping = undefined;
        if (this.#again) {
          this.#again = false;
          this.wake();
        } else this.wakeAt(next);
      });
  }

  /** Returns when to look again. */
  async #sweep(): Promise<number> {
    const { clock, log, store } = this.#ports;
    const now = clock.now();
    if (now >= this.#breakAt) {
      this.#breakAt = now + BREAK_LEASES_EVERY_MS;
      const broken = await store.upkeep.breakLeases({ now });
      if (broken > 0) log.warn({ broken }, "leases ran out; their work is taken up again");
    }
    const { expired } = await store.upkeep.tick(now);
    if (expired > 0) log.warn({ expired }, "messages expired; see the dead letters");
    let failed = false;
    for (const work of await store.upkeep.ready(now)) failed = !(await this.#fill(work)) || failed;
    await this.#ports.fillWaiting();
    if (now >= this.#sealAt) await this.#seal(now);
    if (now >= this.#pruneAt) await this.#prune(now);
    if (now >= this.#pruneMediaAt) {
      this.#pruneMediaAt = now + PRUNE_MEDIA_EVERY_MS;
      // Beside the rest: looking through a folder takes its time.
      this.#pruningMedia = this.#pruneMedia(now);
    }
    const due = (await store.upkeep.nextDueAt(now)) ?? Number.POSITIVE_INFINITY;
    return failed ? Math.min(due, clock.now() + AGAIN_AFTER_MS) : due;
  }

  /** False when it failed: that holds up neither other work nor the rest of the sweep. */
  async #fill({ kind, tenant, channel, account }: ReadyWork): Promise<boolean> {
    try {
      await this.#ports.fill(kind, { tenant, channel, account });
      return true;
    } catch (error) {
      const which = { kind, tenant, channel, account };
      this.#ports.log.error({ ...which, error: String(error) }, "waiting work could not be claimed; it is tried again");
      return false;
    }
  }

  async #seal(now: number): Promise<void> {
    this.#sealAt = now + SEAL_EVERY_MS;
    await this.#ports.sealAudit().catch((error: unknown) => {
      this.#ports.log.error(
        { error: String(error) },
        "the audit logs could not be sealed; it is tried again in an hour",
      );
    });
  }

  async #prune(now: number): Promise<void> {
    const { log, retention, store } = this.#ports;
    await store.pairing.prune(now - KEEP_EXPIRED_MS);
    await store.accounts.memoryPrune(now);
    await store.rates.prune(now);
    await store.answers.prune(now);
    const deleted = await store.upkeep.prune({
      settledBefore: now - retention.messagesDays * DAY_MS,
      transcriptsBefore: now - retention.transcriptsDays * DAY_MS,
      auditBefore: now - retention.auditDays * DAY_MS,
      usageBefore: now - retention.usageDays * DAY_MS,
    });
    // A bounded number is deleted a call; while there is more, go on soon, without holding anybody up.
    this.#pruneAt = now + (deleted > 0 ? 2_000 : PRUNE_EVERY_MS);
    if (deleted > 0) log.debug({ deleted }, "old rows deleted");
  }

  /** Files go with the transcripts that show them; what is still to be sent or decided about keeps its own. */
  async #pruneMedia(now: number): Promise<void> {
    const { log, media, retention, store } = this.#ports;
    if (!media) return;
    const before = now - retention.transcriptsDays * DAY_MS;
    try {
      // Work is made soon after the files it needs were put.
      const keep = new Set(await store.upkeep.blobsInUse(before + DAY_MS));
      const removed = await media.prune(before, keep);
      if (removed > 0) log.debug({ removed }, "old files deleted");
    } catch (error) {
      log.error({ error: String(error) }, "old files could not be deleted; it is tried again tomorrow");
    }
  }
}
