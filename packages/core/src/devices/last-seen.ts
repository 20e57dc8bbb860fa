/** When devices were last seen. Known at once, written down now and then only: each request would be a write. */
import type { TenantId } from "@switchboard/domain";
import { deviceKey } from "./key.ts";
import type { Device } from "./records.ts";

/** When a device was last seen is written down no more often than this. */
const SEEN_EVERY_MS = 60_000;

export interface Seen {
  readonly lastSeenAt: number;
  readonly lastSeenReason: string;
}

export class LastSeen {
  /** What is newer than what is written down. */
  readonly #seen = new Map<string, Seen>();

  /** The device with what is known of it now. */
  on(tenant: TenantId, device: Device): Device {
    const seen = this.#seen.get(deviceKey(tenant, device.device));
    return seen ? { ...device, ...seen } : device;
  }

  /** True when it is time to write it down. */
  note(tenant: TenantId, written: Device, seen: Seen): boolean {
    this.#seen.set(deviceKey(tenant, written.device), seen);
    return seen.lastSeenAt - (written.lastSeenAt ?? 0) >= SEEN_EVERY_MS;
  }

  forget(tenant: TenantId, device: string): void {
    this.#seen.delete(deviceKey(tenant, device));
  }
}
