/** The tenants of this gateway: who pays and owns data. */
import { type AccountId, type ChannelId, SwitchboardError, type TenantId } from "@switchboard/domain";
import type { IdentityDatabase } from "@switchboard/store/identity";
import { newShortId } from "./secrets.ts";

export interface Tenant {
  readonly id: TenantId;
  readonly name: string;
  readonly createdAt: number;
  readonly suspendedAt?: number;
}

/** An account that a suspension stopped. */
export interface Stopped {
  readonly channel: ChannelId;
  readonly account: AccountId;
}

export class Tenants {
  readonly #db: IdentityDatabase["db"];
  readonly #now: () => number;

  constructor(db: IdentityDatabase["db"], now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  async create(name: string): Promise<Tenant> {
    const id = `t_${newShortId()}` as TenantId;
    const row = { id, name, created_at: this.#now(), suspended_at: null };
    await this.#db.insertInto("tenants").values(row).execute();
    return tenantOf(row);
  }

  /** The oldest first. */
  async list(): Promise<readonly (Tenant & { readonly members: number })[]> {
    const rows = await this.#db
      .selectFrom("tenants")
      .leftJoin("members", "members.tenant", "tenants.id")
      .select(({ fn }) => [
        "tenants.id",
        "tenants.name",
        "tenants.created_at",
        "tenants.suspended_at",
        fn.count<number>("members.person").as("members"),
      ])
      .groupBy(["tenants.id", "tenants.name", "tenants.created_at", "tenants.suspended_at"])
      .orderBy("tenants.created_at")
      .execute();
    return rows.map((row) => ({ ...tenantOf(row), members: Number(row.members) }));
  }

  /** @throws REQ_002. */
  async get(id: string): Promise<Tenant> {
    const row = await this.#db.selectFrom("tenants").selectAll().where("id", "=", id).executeTakeFirst();
    if (row) return tenantOf(row);
    throw new SwitchboardError("REQ_002", `There is no tenant ${id}.`, {
      action: "List them: switchboard tenants list.",
    });
  }

  /** From the next request on its people and keys are refused. */
  async suspend(id: string): Promise<void> {
    await this.#db.updateTable("tenants").set({ suspended_at: this.#now() }).where("id", "=", id).execute();
  }

  /** Notes what a suspension stopped, besides what was noted before. */
  async noteStopped(id: string, stopped: readonly Stopped[]): Promise<void> {
    const all = [...(await this.stopped(id)), ...stopped];
    await this.#db
      .updateTable("tenants")
      .set({ stopped: JSON.stringify(all) })
      .where("id", "=", id)
      .execute();
  }

  async stopped(id: string): Promise<readonly Stopped[]> {
    const row = await this.#db.selectFrom("tenants").select("stopped").where("id", "=", id).executeTakeFirst();
    return JSON.parse(row?.stopped ?? "[]");
  }

  /** Its people and keys are admitted again. */
  async admit(id: string): Promise<void> {
    await this.#db.updateTable("tenants").set({ suspended_at: null }).where("id", "=", id).execute();
  }

  /** What a suspension stopped runs again. */
  async forgetStopped(id: string): Promise<void> {
    await this.#db.updateTable("tenants").set({ stopped: "[]" }).where("id", "=", id).execute();
  }

  /** With its memberships, invitations and keys. People stay: they may belong to others. */
  async remove(id: string): Promise<void> {
    await this.#db.deleteFrom("tenants").where("id", "=", id).execute();
  }
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly created_at: number;
  readonly suspended_at: number | null;
}

function tenantOf({ created_at, id, name, suspended_at }: Row): Tenant {
  return {
    id: id as TenantId,
    name,
    createdAt: created_at,
    ...(suspended_at !== null && { suspendedAt: suspended_at }),
  };
}

/** @throws SEC_009. */
export function refuseSuspended(suspendedAt: number | null): void {
  if (suspendedAt === null) return;
  throw new SwitchboardError("SEC_009", "This tenant is suspended.", {
    action: "Ask whoever runs this gateway; people may choose another of their tenants.",
  });
}
