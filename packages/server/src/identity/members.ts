/** Who belongs to a tenant, as what. Looked up anew for each request: a role that was lost is lost at once. */
import { SwitchboardError, type TenantId } from "@switchboard/domain";
import type { IdentityDatabase } from "@switchboard/store/identity";
import { type Principal, personOf, type Role } from "./principal.ts";
import { checkKey, checkRank } from "./ranks.ts";

export interface Member {
  /** The person's id. */
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly since: number;
}

export interface Membership {
  readonly tenant: TenantId;
  readonly name: string;
  readonly role: Role;
  readonly suspendedAt: number | null;
}

export class Members {
  readonly #db: IdentityDatabase["db"];
  readonly #now: () => number;

  constructor(db: IdentityDatabase["db"], now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /** The tenants of a person, the oldest membership first. */
  async ofPerson(person: string): Promise<readonly Membership[]> {
    const rows = await this.#db
      .selectFrom("members")
      .innerJoin("tenants", "tenants.id", "members.tenant")
      .select(["tenants.id", "tenants.name", "tenants.suspended_at", "members.role"])
      .where("members.person", "=", person)
      .orderBy("members.created_at")
      .orderBy("tenants.id")
      .execute();
    return rows.map(({ id, name, role, suspended_at }) => ({
      tenant: id as TenantId,
      name,
      role,
      suspendedAt: suspended_at,
    }));
  }

  async list(tenant: TenantId): Promise<readonly Member[]> {
    const rows = await this.#db
      .selectFrom("members")
      .innerJoin("user", "user.id", "members.person")
      .select(["user.id", "user.name", "user.email", "members.role", "members.created_at"])
      .where("members.tenant", "=", tenant)
      .orderBy("members.created_at")
      .orderBy("user.id")
      .execute();
    return rows.map(({ created_at, ...row }) => ({ ...row, since: created_at }));
  }

  /** No change for who is a member already. */
  async add(tenant: string, person: string, role: Role): Promise<void> {
    await this.#db
      .insertInto("members")
      .values({ tenant, person, role, created_at: this.#now() })
      .onConflict((conflict) => conflict.columns(["tenant", "person"]).doNothing())
      .execute();
  }

  /**
   * Gives a member of the asker's own tenant another role; no role: ends the membership.
   * @throws REQ_002, SEC_003 for who stands above the asker, and by a key for who is or would be an admin or owner, REQ_004 for the last owner.
   */
  async change(by: Principal, person: string, role: Role | undefined): Promise<void> {
    const { tenant } = by;
    const answers = personOf(by);
    await this.#db.transaction().execute(async (work) => {
      // Whoever changes this tenant's members too waits here: two owners that remove each other leave one.
      await work.updateTable("tenants").set({ id: tenant }).where("id", "=", tenant).execute();
      const all = await work.selectFrom("members").select(["person", "role"]).where("tenant", "=", tenant).execute();
      const before = all.find((each) => each.person === person);
      if (!before) {
        throw new SwitchboardError("REQ_002", "There is no such member.", { action: "List the members first." });
      }
      checkKey(by, before.role, ...(role === undefined ? [] : [role]));
      const asker = answers === null ? by.role : all.find((each) => each.person === answers)?.role;
      if (asker === undefined) {
        throw new SwitchboardError("SEC_003", "You are no member of this tenant any more.", {
          action: "Ask an owner of the tenant for an invitation.",
        });
      }
      checkRank(asker, before.role, ...(role === undefined ? [] : [role]));
      const owners = all.filter((each) => each.role === "owner");
      if (before.role === "owner" && role !== "owner" && owners.length === 1) {
        throw new SwitchboardError("REQ_004", "This is the tenant's last owner.", {
          action: "Make somebody else an owner first.",
        });
      }
      const theirs = work.updateTable("members").where("tenant", "=", tenant).where("person", "=", person);
      if (role !== undefined) await theirs.set({ role }).execute();
      else await work.deleteFrom("members").where("tenant", "=", tenant).where("person", "=", person).execute();
    });
  }
}

/** The chosen one. Who lost it is not moved to another without a word, unless there is only one and none was chosen. */
export function activeOf(memberships: readonly Membership[], chosen: string | undefined): Membership | undefined {
  if (chosen !== undefined) return memberships.find(({ tenant }) => tenant === chosen);
  return memberships.length === 1 ? memberships[0] : undefined;
}
