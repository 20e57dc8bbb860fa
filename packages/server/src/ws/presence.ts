/** Who is here: the gateway itself, operators with a face, nodes. Programs that come and go are not listed. */
import { hostname } from "node:os";
import type { ClientInfo, Presence, Role } from "@switchboard/protocol";
import type { GatewayLimits } from "./limits.ts";
import type { Peer } from "./peer.ts";

const UNLISTED: readonly ClientInfo["mode"][] = ["cli", "backend", "probe"];
/** What a client says of itself is shown to others: shortened. */
const LONGEST_TEXT = 120;

export interface Visitor {
  readonly connection: string;
  readonly client: ClientInfo;
  readonly role: Role;
  readonly scopes: readonly string[];
  readonly peer: Peer;
  readonly device?: string | undefined;
}

export class PresenceRoster {
  readonly #limits: GatewayLimits["presence"];
  readonly #self: Presence;
  readonly #rows = new Map<string, Presence>();

  constructor(limits: GatewayLimits["presence"], self: { readonly version: string; readonly startedAt: number }) {
    this.#limits = limits;
    const { version, startedAt } = self;
    this.#self = {
      host: hostname(),
      version,
      platform: process.platform,
      mode: "gateway",
      reason: "self",
      ts: startedAt,
      onlineSince: startedAt,
    };
  }

  /** True when the list changed. */
  joined(visitor: Visitor, now: number): boolean {
    const { client, peer, role, scopes, device } = visitor;
    if (UNLISTED.includes(client.mode)) return false;
    const key = keyOf(visitor);
    this.#rows.delete(key);
    this.#rows.set(key, {
      host: short(client.displayName ?? client.id),
      version: short(client.version),
      platform: short(client.platform),
      ...(client.deviceFamily !== undefined && { deviceFamily: short(client.deviceFamily) }),
      ...(client.modelIdentifier !== undefined && { modelIdentifier: short(client.modelIdentifier) }),
      ...(client.timeZone !== undefined && { timeZone: client.timeZone }),
      ...(client.instanceId !== undefined && { instanceId: short(client.instanceId) }),
      ...(device !== undefined && { deviceId: device }),
      ...(!peer.local && peer.ip !== "" && { ip: peer.ip }),
      mode: client.mode,
      reason: "connect",
      roles: [role],
      scopes: [...scopes],
      ts: now,
      onlineSince: now,
    });
    return true;
  }

  left(visitor: Visitor, now: number): boolean {
    const key = keyOf(visitor);
    const row = this.#rows.get(key);
    if (!row) return false;
    this.#rows.delete(key);
    const { onlineSince: _, ...rest } = row;
    this.#rows.set(key, { ...rest, reason: "disconnect", ts: now });
    return true;
  }

  /** The gateway first, then the newest change last. Those who left are forgotten after a while, or to make room. */
  list(now: number): Presence[] {
    for (const [key, row] of this.#rows) {
      const gone = row.reason === "disconnect";
      const crowded = this.#rows.size >= this.#limits.entries;
      if (gone && (crowded || now - row.ts > this.#limits.ttlMs)) this.#rows.delete(key);
    }
    return [{ ...this.#self, ts: now }, ...[...this.#rows.values()].slice(-(this.#limits.entries - 1))];
  }
}

/** Operators have a row for each connection, a node one however often it reconnects. */
function keyOf({ role, device, client, connection }: Visitor): string {
  return (role === "node" ? (device ?? client.instanceId ?? connection) : connection).toLowerCase();
}

function short(text: string): string {
  return text.slice(0, LONGEST_TEXT).toWellFormed();
}
