/** The registry's memory: every document of every tenant, read at start, changed in the store first. */
import { type Json, SwitchboardError, type TenantId } from "@switchboard/domain";
import { OneAtATime } from "../one-at-a-time.ts";
import type { DeviceChange, DeviceDocumentKind, DeviceStore } from "../ports/index.ts";
import type { Device, DeviceRequest, EventDecision, SetupCode } from "./records.ts";

interface Bodies {
  readonly device: Device;
  readonly request: DeviceRequest;
  readonly setup: SetupCode;
  readonly decision: EventDecision;
}

interface Known {
  readonly version: number;
  readonly body: unknown;
}

/** A change as the registry thinks of it: the whole new body, or `undefined` to remove. */
export type Change = {
  readonly [Kind in DeviceDocumentKind]: {
    readonly kind: Kind;
    readonly id: string;
    readonly body: Bodies[Kind] | undefined;
  };
}[DeviceDocumentKind];

export function removal(kind: DeviceDocumentKind, id: string): Change {
  return { kind, id, body: undefined };
}

/** How often a change is tried again after another process was first. */
const TRIES = 5;

export class DeviceDocuments {
  readonly #store: DeviceStore;
  readonly #tenants = new Map<TenantId, Map<string, Known>>();
  readonly #turns = new OneAtATime();

  constructor(store: DeviceStore) {
    this.#store = store;
  }

  async load(): Promise<void> {
    for (const { tenant, kind, id, version, body } of await this.#store.all()) {
      this.#of(tenant).set(keyOf(kind, id), { version, body });
    }
  }

  get<Kind extends DeviceDocumentKind>(tenant: TenantId, kind: Kind, id: string): Bodies[Kind] | undefined {
    return this.#tenants.get(tenant)?.get(keyOf(kind, id))?.body as Bodies[Kind] | undefined;
  }

  list<Kind extends DeviceDocumentKind>(tenant: TenantId, kind: Kind): Bodies[Kind][] {
    const start = keyOf(kind, "");
    const known = [...(this.#tenants.get(tenant) ?? [])].filter(([key]) => key.startsWith(start));
    return known.map(([, { body }]) => body as Bodies[Kind]);
  }

  /**
   * Works out changes from the present state and makes them, all or none; one after the other within this process, and
   * from the start again when another process was first.
   * @throws what `decide` throws, STORE_*, REQ_004 when others are always first.
   */
  change<T>(tenant: TenantId, decide: () => { readonly changes: readonly Change[]; readonly result: T }): Promise<T> {
    return this.#turns.run(tenant, async () => {
      for (let tries = 0; tries < TRIES; tries++) {
        const { changes, result } = decide();
        if (changes.length === 0 || (await this.#write(tenant, changes))) return result;
        await this.#reload(tenant);
      }
      throw new SwitchboardError("REQ_004", "The devices are being changed by others; try again.", { retryable: true });
    });
  }

  async #write(tenant: TenantId, changes: readonly Change[]): Promise<boolean> {
    const known = this.#of(tenant);
    const versioned = changes
      .map(({ kind, id, body }): DeviceChange => {
        const from = known.get(keyOf(kind, id))?.version ?? 0;
        return { kind, id, from, ...(body !== undefined && { body: body as unknown as Json }) };
      })
      .filter(({ from, body }) => from > 0 || body !== undefined);
    const version = await this.#store.change(tenant, versioned);
    if (version === undefined) return false;
    for (const { kind, id, body } of versioned) {
      if (body === undefined) known.delete(keyOf(kind, id));
      else known.set(keyOf(kind, id), { version, body });
    }
    return true;
  }

  async #reload(tenant: TenantId): Promise<void> {
    const rows = await this.#store.list(tenant);
    this.#tenants.set(tenant, new Map(rows.map(({ kind, id, version, body }) => [keyOf(kind, id), { version, body }])));
  }

  #of(tenant: TenantId): Map<string, Known> {
    const known = this.#tenants.get(tenant) ?? new Map<string, Known>();
    this.#tenants.set(tenant, known);
    return known;
  }
}

function keyOf(kind: DeviceDocumentKind, id: string): string {
  return `${kind} ${id}`;
}
