/** Requests to be let in, and the PairingStore port. */
import type { PairingRequest, PairingStore } from "@switchboard/core/ports";
import type { AccountId, ChannelId, PeerId, Target, TenantId } from "@switchboard/domain";
import { fromJson, type Mutable } from "../rows/json.ts";
import { grantInsert } from "./account-store.ts";
import type { Context } from "./context.ts";
import { claimDeliveryLanes, type EffectParts } from "./effects.ts";
import { pairingDecisions } from "./pairing-decisions.ts";
import type { Statement } from "./sql.ts";

interface PairingRow {
  readonly tenant: TenantId;
  readonly channel: ChannelId;
  readonly account: AccountId;
  readonly sender: PeerId;
  readonly id: string;
  readonly code: string;
  readonly created_at: number;
  readonly last_seen_at: number;
  readonly expires_at: number;
  readonly label: string | null;
  readonly username: string | null;
  readonly target: string;
}

const REF = "tenant = ? AND channel = ? AND account = ?";

export class PairingRequests {
  readonly #pending: Statement<{ n: number }>;
  readonly #codeHolder: Statement<PairingRow>;
  readonly #insert: Statement<never>;
  readonly #seen: Statement<never>;

  constructor({ statements }: Context) {
    this.#pending = statements.of(`SELECT count(*) AS n FROM pairing_requests WHERE ${REF} AND expires_at > ?`);
    this.#codeHolder = statements.of("SELECT * FROM pairing_requests WHERE tenant = ? AND channel = ? AND code = ?");
    // What the same person asked for before is over by then.
    this.#insert = statements.insertInto(
      "pairing_requests",
      // biome-ignore format: one line a group
      [
        "tenant", "channel", "account", "sender", "id", "code", "created_at", "last_seen_at", "expires_at",
        "label", "username", "target",
      ],
      `ON CONFLICT (tenant, channel, account, sender) DO UPDATE SET id = excluded.id, code = excluded.code,
         created_at = excluded.created_at, last_seen_at = excluded.last_seen_at, expires_at = excluded.expires_at,
         label = excluded.label, username = excluded.username, target = excluded.target`,
    );
    this.#seen = statements.of(
      `UPDATE pairing_requests SET last_seen_at = greatest(last_seen_at, ?) WHERE ${REF} AND sender = ? AND expires_at > ?`,
    );
  }

  /** True when the request is new and was stored. One who waits already is only seen again. */
  async ask(tenant: TenantId, request: PairingRequest, most: number, now: number): Promise<boolean> {
    const { account, channel, code, createdAt, expiresAt, id, lastSeenAt, sender } = request;
    if (await this.seen(tenant, request, lastSeenAt, now)) return false;
    if (((await this.#pending.get(tenant, channel, account, now))?.n ?? 0) >= most) return false;
    const holder = await this.#codeHolder.get(tenant, channel, code);
    if (holder && (holder.account !== account || holder.sender !== sender)) return false;
    // biome-ignore format: one line a group
    this.#insert.send(
      tenant, channel, account, sender, id, code, createdAt, lastSeenAt, expiresAt,
      request.label ?? null, request.username ?? null, JSON.stringify(request.target),
    );
    return true;
  }

  /** False when they do not wait. */
  async seen(
    tenant: TenantId,
    { account, channel, sender }: Pick<PairingRequest, "account" | "channel" | "sender">,
    at: number,
    now: number,
  ): Promise<boolean> {
    return (await this.#seen.run(at, tenant, channel, account, sender, now)) > 0;
  }
}

export function pairingStore(context: Context, parts: EffectParts): Omit<PairingStore, "prune"> {
  const { statements } = context;
  const ofTenant = statements.of<PairingRow>("SELECT * FROM pairing_requests WHERE tenant = ?");
  const ofChannel = statements.of<PairingRow>("SELECT * FROM pairing_requests WHERE tenant = ? AND channel = ?");
  const ofAccount = statements.of<PairingRow>(`SELECT * FROM pairing_requests WHERE ${REF}`);
  const take = statements.of<PairingRow>(
    `DELETE FROM pairing_requests WHERE ${REF} AND id = ? AND expires_at > ? RETURNING *`,
  );
  const grant = grantInsert(statements);
  const decisions = pairingDecisions(context);
  const owner = statements.of(`SELECT 1 FROM grants WHERE ${REF} AND authority = 'command' LIMIT 1`);

  return {
    async list(tenant, { account, channel }) {
      const rows =
        channel === undefined
          ? await ofTenant.all(tenant)
          : account === undefined
            ? await ofChannel.all(tenant, channel)
            : await ofAccount.all(tenant, channel, account);
      return rows
        .filter((row) => account === undefined || row.account === account)
        .map(toRequest)
        .sort((a, b) => a.createdAt - b.createdAt);
    },

    async approve(ref, id, input) {
      const { account, channel, tenant } = ref;
      const { audit, cause, claim, deliveries, grantedBy, now } = input;
      const before = cause && (await decisions.find(ref, cause.event, id, "approved"));
      if (before) return { request: before.request, owner: before.owner, claimed: [], repeated: true };
      const row = await take.get(tenant, channel, account, id, now);
      if (!row) return undefined;
      grant.send(tenant, channel, account, "dm", row.sender, now, grantedBy);
      const becomesOwner = input.owner && (await owner.get(tenant, channel, account)) === undefined;
      if (becomesOwner) grant.send(tenant, channel, account, "command", row.sender, now, grantedBy);
      const request = toRequest(row);
      if (cause) await decisions.note(ref, cause, { request, decision: "approved", owner: becomesOwner });
      await parts.audit.append(tenant, audit);
      const lanes = context.lanes();
      for (const delivery of deliveries) await parts.deliveries.add(lanes, tenant, delivery, claim !== undefined, now);
      const names = deliveries.map(({ lane }) => lane);
      const claimed = await claimDeliveryLanes(parts.deliveryWork, lanes, tenant, names, claim, now);
      await lanes.flush();
      return { request, owner: becomesOwner, claimed, repeated: false };
    },

    async dismiss(ref, id, { audit, cause, now }) {
      const { account, channel, tenant } = ref;
      const before = cause && (await decisions.find(ref, cause.event, id, "dismissed"));
      if (before) return before.request;
      const row = await take.get(tenant, channel, account, id, now);
      if (!row) return undefined;
      const request = toRequest(row);
      if (cause) await decisions.note(ref, cause, { request, decision: "dismissed", owner: false });
      await parts.audit.append(tenant, audit);
      return request;
    },

    decidedBy: async (ref, event) =>
      (await decisions.of(ref, event)).map(({ decision, request }) => ({ decision, request })),
  };
}

function toRequest(row: PairingRow): PairingRequest {
  const request: Mutable<PairingRequest> = {
    channel: row.channel,
    account: row.account,
    sender: row.sender,
    id: row.id,
    code: row.code,
    target: fromJson<Target>(row.target),
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    expiresAt: row.expires_at,
  };
  if (row.label !== null) request.label = row.label;
  if (row.username !== null) request.username = row.username;
  return request;
}
