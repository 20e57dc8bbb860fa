/** The database of people, tenants and keys: apart from what tenants write and read. */
import type { ColumnType, Generated, Kysely } from "kysely";

/** Our own tables; the sign-in library knows its own. Times are milliseconds since 1970. */
export interface IdentityTables {
  readonly tenants: TenantRow;
  readonly members: MemberRow;
  readonly invitations: InvitationRow;
  readonly keys: KeyRow;
  readonly tries: { readonly name: string; readonly count: number; readonly until: number };
  readonly challenges: { readonly hash: string; readonly kind: string; readonly value: string; readonly until: number };
  readonly passkeys: PasskeyRow;
  /** The library's; only what is asked for here. Its times are ISO 8601 in the file, and dates as PostgreSQL answers. */
  readonly user: {
    readonly id: string;
    readonly name: string;
    readonly email: string;
    readonly emailVerified: Written<boolean | number>;
    readonly createdAt: Written<string>;
    readonly updatedAt: Written<string>;
  };
  readonly account: {
    readonly id: string;
    readonly accountId: string;
    readonly providerId: string;
    readonly userId: string;
    readonly createdAt: ColumnType<string | Date, string, string>;
    readonly updatedAt: Written<string>;
  };
  readonly session: {
    readonly id: string;
    readonly token: string;
    readonly userId: string;
    readonly tenant: string | null;
  };
}

/** Written by us, never read. */
type Written<T> = ColumnType<never, T, T>;

type RoleName = "owner" | "admin" | "member" | "viewer";

export interface TenantRow {
  readonly id: string;
  readonly name: string;
  readonly created_at: number;
  readonly suspended_at: number | null;
  /** JSON: `{ channel, account }[]`. */
  readonly stopped: Generated<string>;
}

export interface MemberRow {
  readonly tenant: string;
  readonly person: string;
  readonly role: RoleName;
  readonly created_at: number;
}

export interface InvitationRow {
  readonly id: string;
  readonly tenant: string;
  readonly email: string;
  readonly role: RoleName;
  readonly hash: string;
  readonly inviter: string | null;
  readonly created_at: number;
  readonly expires_at: number;
  readonly accepted_at: number | null;
}

export interface KeyRow {
  readonly id: string;
  readonly tenant: string;
  readonly name: string;
  readonly prefix: string;
  readonly hash: string;
  readonly maker: string | null;
  /** JSON: names of scopes. */
  readonly scopes: string;
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly last_used_at: number | null;
  readonly revoked_at: number | null;
}

export interface PasskeyRow {
  readonly id: string;
  /** The authenticator's id of it, base64url. */
  readonly credential: string;
  readonly person: string;
  readonly name: string;
  /** COSE, base64url. */
  readonly public_key: string;
  readonly counter: number;
  /** JSON: `string[]`. */
  readonly transports: string;
  readonly created_at: number;
  readonly last_used_at: number | null;
}

export interface IdentityDatabase {
  readonly kind: "sqlite" | "postgres";
  readonly db: Kysely<IdentityTables>;
  /**
   * For what may be forgotten when a machine loses its power, and for nothing else: counts. A guesser then makes nobody
   * wait for the disk. No transaction may begin in it.
   */
  soon<T>(work: (db: Kysely<IdentityTables>) => Promise<T>): Promise<T>;
  /** Writes a consistent copy; the embedded one only. */
  backup?(path: string): Promise<void>;
  close(): Promise<void>;
}
