/** Links that let one person become a member. The link is shown once; its hash is kept. */
import { SwitchboardError, type TenantId } from "@switchboard/domain";
import type { IdentityDatabase } from "@switchboard/store/identity";
import { type Principal, personOf, type Role } from "./principal.ts";
import { checkKey, checkRank, ROLES } from "./ranks.ts";
import { hashOf, newSecret, newShortId } from "./secrets.ts";

const LIFETIME_MS = 7 * 86_400_000;

export interface Invitation {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** What whoever has the link may know. */
export interface Offer {
  readonly tenant: TenantId;
  readonly tenantName: string;
  readonly email: string;
  readonly role: Role;
}

export class Invitations {
  readonly #db: IdentityDatabase["db"];
  readonly #now: () => number;

  constructor(db: IdentityDatabase["db"], now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /**
   * By a member, or a key of theirs, into their own tenant.
   * @throws SEC_003 for a role above their own; for an admin or owner by a key.
   */
  async invite(by: Principal, email: string, role: Role): Promise<{ invitation: Invitation; secret: string }> {
    checkRank(by.role, role);
    checkKey(by, role);
    return this.create(by.tenant, email, role, personOf(by));
  }

  /** `inviter`: a person's id; none: the operator. `secret` is for the link, and is not kept. */
  async create(
    tenant: TenantId,
    email: string,
    role: Role,
    inviter: string | null,
  ): Promise<{ invitation: Invitation; secret: string }> {
    const [secret, now] = [newSecret(), this.#now()];
    const invitation = {
      id: `inv_${newShortId()}`,
      email: email.toLowerCase(),
      role,
      createdAt: now,
      expiresAt: now + LIFETIME_MS,
    };
    const { createdAt: created_at, expiresAt: expires_at, ...rest } = invitation;
    await this.#db
      .insertInto("invitations")
      .values({ ...rest, tenant, hash: hashOf(secret), inviter, created_at, expires_at, accepted_at: null })
      .execute();
    return { invitation, secret };
  }

  /** Those that can still be accepted. */
  async list(tenant: TenantId): Promise<readonly Invitation[]> {
    const rows = await this.#open()
      .where("invitations.tenant", "=", tenant)
      .orderBy("invitations.created_at")
      .execute();
    return rows.map(({ id, email, role, created_at, expires_at }) => ({
      id,
      email,
      role,
      createdAt: created_at,
      expiresAt: expires_at,
    }));
  }

  /** False when there was none. */
  async withdraw(tenant: TenantId, id: string): Promise<boolean> {
    const { numDeletedRows } = await this.#db
      .deleteFrom("invitations")
      .where("tenant", "=", tenant)
      .where("id", "=", id)
      .where("accepted_at", "is", null)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  }

  /** @throws REQ_002 for a link that is unknown, used, too old, withdrawn, or of somebody who may not invite any more. */
  async look(secret: string): Promise<Offer> {
    const row = await this.#open().where("invitations.hash", "=", hashOf(secret)).executeTakeFirst();
    if (!row || !(await this.#stands(row))) throw noInvitation();
    return { tenant: row.tenant as TenantId, tenantName: row.tenantName, email: row.email, role: row.role };
  }

  async isExpected(email: string): Promise<boolean> {
    return (await this.#open().where("invitations.email", "=", email.toLowerCase()).executeTakeFirst()) !== undefined;
  }

  /** Makes the person a member, once. @throws REQ_002; SEC_003 when it is for another address. */
  async accept(secret: string, person: { readonly id: string; readonly email: string }): Promise<Offer> {
    const offer = await this.look(secret);
    if (offer.email !== person.email.toLowerCase()) {
      throw new SwitchboardError("SEC_003", "This invitation is for another e-mail address.", {
        action: "Sign out, then open the link again.",
      });
    }
    await this.#db.transaction().execute(async (work) => {
      const taken = await work
        .updateTable("invitations")
        .set({ accepted_at: this.#now() })
        .where("hash", "=", hashOf(secret))
        .where("accepted_at", "is", null)
        .executeTakeFirst();
      if (taken.numUpdatedRows === 0n) throw noInvitation();
      await work
        .insertInto("members")
        .values({ tenant: offer.tenant, person: person.id, role: offer.role, created_at: this.#now() })
        .onConflict((conflict) => conflict.columns(["tenant", "person"]).doNothing())
        .execute();
    });
    return offer;
  }

  #open() {
    return this.#db
      .selectFrom("invitations")
      .innerJoin("tenants", "tenants.id", "invitations.tenant")
      .selectAll("invitations")
      .select("tenants.name as tenantName")
      .where("invitations.accepted_at", "is", null)
      .where("invitations.expires_at", ">", this.#now())
      .where("tenants.suspended_at", "is", null);
  }

  async #stands({ inviter, role, tenant }: { inviter: string | null; role: Role; tenant: string }): Promise<boolean> {
    if (inviter === null) return true;
    const row = await this.#db
      .selectFrom("members")
      .select("role")
      .where("tenant", "=", tenant)
      .where("person", "=", inviter)
      .executeTakeFirst();
    const mayInvite = row?.role === "owner" || row?.role === "admin";
    return mayInvite && ROLES.indexOf(row.role) <= ROLES.indexOf(role);
  }
}

function noInvitation(): SwitchboardError {
  return new SwitchboardError("REQ_002", "This invitation does not hold (any more).", {
    action: "Ask whoever invited you for a new link.",
  });
}
