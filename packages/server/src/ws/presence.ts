/** Who is here: the gateway itself, operators with a face, nodes. Programs that come and go are not listed. */
import { hostname } from "node:os";
import type { ClientInfo, Presence, Role } from "@switchboard/protocol";
import type { Peer } from "../callers/peer.ts";
import type { GatewayLimits } from "../lines/limits.ts";

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

/** What a machine tells of itself, connected or not. */
export interface Beacon {
  readonly deviceId?: string | undefined;
  readonly instanceId?: string | undefined;
  readonly host?: string | undefined;
  readonly ip?: string | undefined;
  readonly mode?: string | undefined;
  readonly version?: string | undefined;
  readonly platform?: string | undefined;
  readonly deviceFamily?: string | undefined;
  readonly modelIdentifier?: string | undefined;
  readonly reason?: string | undefined;
  readonly text: string;
  readonly lastInputSeconds?: number | undefined;
  readonly tags?: readonly string[] | undefined;
}

export class PresenceRoster {
  readonly #limits: GatewayLimits["presence"];
  readonly #self: Presence;
  readonly #rows = new Map<string, Presence>();
  /** By the same keys; laid over the row of that key, if there is one. */
  readonly #beacons = new Map<string, Presence>();
  /** The connection that a row is about: a node's next one may be there before the earlier one is gone. */
  readonly #owners = new Map<string, string>();

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
    this.#owners.set(key, visitor.connection);
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
    if (!row || this.#owners.get(key) !== visitor.connection) return false;
    this.#owners.delete(key);
    this.#rows.delete(key);
    const { onlineSince: _, ...rest } = row;
    this.#rows.set(key, { ...rest, reason: "disconnect", ts: now });
    return true;
  }

  /** `caller`: whose row it is when the beacon does not say. */
  told(beacon: Beacon, caller: string, now: number): void {
    const { deviceId, instanceId, host, lastInputSeconds, tags = [], ...rest } = beacon;
    const key = short(deviceId || instanceId || host || caller).toLowerCase();
    const texts = Object.entries({ deviceId, instanceId, host, ...rest }).filter(([, text]) => text);
    this.#beacons.delete(key);
    this.#beacons.set(key, {
      ...Object.fromEntries(texts.map(([name, text]) => [name, short(String(text))])),
      ...(lastInputSeconds !== undefined && { lastInputSeconds }),
      ...(tags.length > 0 && { tags: tags.filter((tag) => tag !== "").map(short) }),
      ts: now,
    });
    const [oldest] = this.#beacons.keys();
    if (this.#beacons.size > this.#limits.entries && oldest !== undefined) this.#beacons.delete(oldest);
  }

  /** The gateway first, then the newest change last. Those who left are forgotten after a while, or to make room. */
  list(now: number): Presence[] {
    for (const [key, row] of this.#rows) {
      const gone = row.reason === "disconnect";
      const crowded = this.#rows.size >= this.#limits.entries;
      if (gone && (crowded || now - row.ts > this.#limits.ttlMs)) this.#rows.delete(key);
    }
    for (const [key, { ts }] of this.#beacons) if (now - ts > this.#limits.ttlMs) this.#beacons.delete(key);
    const most = this.#limits.entries - 1;
    // Every handshake asks: only what is shown is made, however many there are.
    const shown = [...this.#rows.keys()].slice(-most);
    const connected = shown.map((key) => ({ ...(this.#rows.get(key) ?? {}), ...this.#addition(key) }) as Presence);
    const others = [...this.#beacons].filter(([key]) => !this.#rows.has(key)).map(([, beacon]) => beacon);
    const all = [...others, ...connected].slice(-most);
    return [{ ...this.#self, ts: now }, ...all];
  }

  /** What a beacon adds to what the gateway saw itself. */
  #addition(key: string): Partial<Presence> {
    const { text, tags, lastInputSeconds } = this.#beacons.get(key) ?? {};
    return {
      ...(text !== undefined && { text }),
      ...(tags !== undefined && { tags }),
      ...(lastInputSeconds !== undefined && { lastInputSeconds }),
    };
  }
}

/** Operators have a row for each connection, a node one however often it reconnects. */
function keyOf({ role, device, client, connection }: Visitor): string {
  return (role === "node" ? (device ?? client.instanceId ?? connection) : connection).toLowerCase();
}

function short(text: string): string {
  return text.slice(0, LONGEST_TEXT).toWellFormed();
}
