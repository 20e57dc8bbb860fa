/** The health summary: made at most once a minute, unless somebody asks for a fresh look. */
import type { Clock, Log } from "@switchboard/core/ports";
import type { EventPayload } from "@switchboard/protocol";

export type HealthSummary = EventPayload<"health">;

export class HealthCache {
  readonly #make: (probe: boolean) => Promise<HealthSummary> | HealthSummary;
  readonly #options: { readonly maxAgeMs: number; readonly clock: Clock; readonly log: Log };
  #latest: { readonly summary: HealthSummary; readonly at: number } | undefined;
  #making: Promise<HealthSummary> | undefined;

  constructor(
    make: (probe: boolean) => Promise<HealthSummary> | HealthSummary,
    options: { readonly maxAgeMs: number; readonly clock: Clock; readonly log: Log },
  ) {
    this.#make = make;
    this.#options = options;
  }

  /** Those who ask at the same time share one answer. */
  async get(probe = false): Promise<HealthSummary> {
    const { clock, maxAgeMs } = this.#options;
    if (!probe && this.#latest && clock.now() - this.#latest.at < maxAgeMs) return this.#latest.summary;
    if (probe) return this.#renew(true);
    this.#making ??= this.#renew(false).finally(() => {
      this.#making = undefined;
    });
    return this.#making;
  }

  /** For the handshake, which must not fail for this. */
  async getOrNothing(): Promise<HealthSummary | Record<never, never>> {
    try {
      return await this.get();
    } catch (error) {
      this.#options.log.warn({ error: String(error) }, "the health summary could not be made");
      return {};
    }
  }

  async #renew(probe: boolean): Promise<HealthSummary> {
    const summary = await this.#make(probe);
    this.#latest = { summary, at: this.#options.clock.now() };
    return summary;
  }
}
