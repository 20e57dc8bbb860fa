/** How often owners are told that a device waits: it may ask otherwise as often as it likes. */
import type { TenantId } from "@switchboard/domain";

const ONCE_IN_MS = 60_000;
/** The oldest are forgotten first. */
const MOST_DEVICES = 1000;

export class NoticePace {
  /** When owners were last told, by tenant and device; the oldest first. */
  readonly #toldAt = new Map<string, number>();

  /** Whether to tell them now. `now` in Unix milliseconds. */
  take(tenant: TenantId, device: string, now: number): boolean {
    const key = `${tenant} ${device}`;
    const before = this.#toldAt.get(key);
    if (before !== undefined && Math.abs(now - before) < ONCE_IN_MS) return false;
    this.#toldAt.delete(key);
    this.#toldAt.set(key, now);
    const [oldest] = this.#toldAt.keys();
    if (this.#toldAt.size > MOST_DEVICES && oldest !== undefined) this.#toldAt.delete(oldest);
    return true;
  }
}
