/**
 * Keys of programs: shown once, kept as a hash, looked up for each request. A key has some of its maker's scopes, and
 * never more than the maker has at that moment.
 */
import { SwitchboardError, type TenantId } from "@switchboard/domain";
import type { IdentityDatabase } from "@switchboard/store/identity";
import { API_SCOPES, type ApiScope, type Principal, personOf, type Role, scopesOf } from "./principal.ts";
import { hashOf, newSecret, newShortId } from "./secrets.ts";
import { refuseSuspended } from "./tenants.ts";

/** How keys begin. */
export const KEY_MARK = "swb_";
/** How ids of their principals begin. */
const MARK = "key:";
/** When a key was last used is noted this often. */
const NOTED_EVERY_MS = 60_000;

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  /** How the key begins. */
  readonly prefix: string;
  readonly scopes: readonly ApiScope[];
  /** Id of the person who made it; absent: the operator. */
  readonly madeBy?: string;
  readonly createdAt: number;
  readonly expiresAt?: number;
  readonly lastUsedAt?: number;
}

export interface NewKey {
  readonly name: string;
  /** Default all that the maker has, except what is about people, keys and the tenant itself, and answering as an agent. */
  readonly scopes?: readonly string[] | undefined;
  readonly expiresAt?: number | undefined;
}

/** What a program rarely needs and a thief wants: only in a key when it is asked for. */
const SELDOM: readonly ApiScope[] = ["members:write", "keys:write", "keys:read", "tenant:write", "agents:run"];

export class Keys {
  readonly #db: IdentityDatabase["db"];
  readonly #now: () => number;

  constructor(db: IdentityDatabase["db"], now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /**
   * `secret` is the key itself, and is not kept.
   * @throws SEC_003 for scopes that the maker has not, and for keys that would make keys; REQ_001.
   */
  async create(by: Principal, { expiresAt, name, scopes }: NewKey): Promise<{ key: ApiKey; secret: string }> {
    if (by.kind === "key") {
      throw new SwitchboardError("SEC_003", "A key makes no keys.", { action: "Sign in and make it yourself." });
    }
    const now = this.#now();
    if (expiresAt !== undefined && expiresAt <= now) throw new SwitchboardError("REQ_001", "The key would be expired.");
    const given = scopes ?? [...by.scopes].filter((scope) => !SELDOM.includes(scope));
    const lacking = given.filter((scope) => !by.scopes.has(scope as ApiScope));
    if (lacking.length > 0) {
      throw new SwitchboardError("SEC_003", `You do not have ${lacking.join(", ")} yourself.`, {
        action: `Choose among: ${[...by.scopes].join(", ")}.`,
      });
    }
    const id = newShortId();
    const prefix = `${KEY_MARK}${id}`;
    const secret = `${prefix}_${newSecret()}`;
    const row = {
      id: `key_${id}`,
      tenant: by.tenant,
      name,
      prefix,
      hash: hashOf(secret),
      maker: personOf(by),
      scopes: JSON.stringify([...new Set(given)]),
      created_at: now,
      expires_at: expiresAt ?? null,
      last_used_at: null,
      revoked_at: null,
    };
    await this.#db.insertInto("keys").values(row).execute();
    return { key: keyOf(row), secret };
  }

  /** Those that are not revoked. */
  async list(tenant: TenantId): Promise<readonly ApiKey[]> {
    const rows = await this.#db
      .selectFrom("keys")
      .selectAll()
      .where("tenant", "=", tenant)
      .where("revoked_at", "is", null)
      .orderBy("created_at")
      .execute();
    return rows.map(keyOf);
  }

  /** It stops with the next request. False when there was none. */
  async revoke(tenant: TenantId, id: string): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable("keys")
      .set({ revoked_at: this.#now() })
      .where("tenant", "=", tenant)
      .where("id", "=", id)
      .where("revoked_at", "is", null)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  /** Whose key this is, with what it may do now. @throws REQ_005 for one that does not hold, SEC_009. */
  async principalOf(secret: string): Promise<Principal> {
    const principal = await this.#principal("hash", hashOf(secret));
    await this.#noteUse(principal.id.slice(MARK.length), this.#now());
    return principal;
  }

  /** What the key of that principal may do now. @throws as `principalOf`. */
  again({ id }: Pick<Principal, "id">): Promise<Principal> {
    return this.#principal("id", id.slice(MARK.length));
  }

  async #principal(by: "hash" | "id", value: string): Promise<Principal> {
    const row = await this.#db
      .selectFrom("keys")
      .innerJoin("tenants", "tenants.id", "keys.tenant")
      .leftJoin("members", (join) =>
        join.onRef("members.tenant", "=", "keys.tenant").onRef("members.person", "=", "keys.maker"),
      )
      .selectAll("keys")
      .select(["members.role", "tenants.suspended_at"])
      .where(`keys.${by}`, "=", value)
      .executeTakeFirst();
    const now = this.#now();
    const role: Role | null = row?.maker === null ? "owner" : (row?.role ?? null);
    if (!row || role === null || row.revoked_at !== null || (row.expires_at ?? Number.POSITIVE_INFINITY) <= now) {
      throw new SwitchboardError("REQ_005", "This key does not hold (any more).", { action: "Use another key." });
    }
    refuseSuspended(row.suspended_at);
    const scopes = new Set(keyOf(row).scopes).intersection(scopesOf(role));
    return {
      kind: "key",
      id: MARK + row.id,
      tenant: row.tenant as TenantId,
      role,
      scopes,
      ...(row.maker !== null && { person: row.maker }),
    };
  }

  async #noteUse(id: string, now: number): Promise<void> {
    await this.#db
      .updateTable("keys")
      .set({ last_used_at: now })
      .where("id", "=", id)
      .where((where) => where.or([where("last_used_at", "is", null), where("last_used_at", "<", now - NOTED_EVERY_MS)]))
      .execute();
  }
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: string;
  readonly maker: string | null;
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly last_used_at: number | null;
}

function keyOf(row: Row): ApiKey {
  const named = JSON.parse(row.scopes) as readonly string[];
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    scopes: API_SCOPES.filter((scope) => named.includes(scope)),
    ...(row.maker !== null && { madeBy: row.maker }),
    createdAt: row.created_at,
    ...(row.expires_at !== null && { expiresAt: row.expires_at }),
    ...(row.last_used_at !== null && { lastUsedAt: row.last_used_at }),
  };
}
