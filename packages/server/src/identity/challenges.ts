/**
 * What a browser was asked to prove, until it answers. It answers once, and within minutes; the secret that it brings
 * back is in that browser's cookie alone and is kept as a hash, so that no other browser can answer for it.
 */
import type { IdentityDatabase } from "@switchboard/store/identity";
import { hashOf, newSecret } from "./secrets.ts";

const LIFETIME_MS = 5 * 60_000;

/** What each kind of challenge remembers. */
export interface ChallengeValues {
  readonly "passkey.sign-in": { readonly challenge: string };
  readonly "passkey.add": { readonly challenge: string; readonly person: string };
  readonly provider: {
    readonly provider: string;
    /** The gateway's own address, at which it began. */
    readonly root: string;
    readonly state: string;
    readonly nonce: string;
    readonly verifier: string;
    readonly invitation?: string | undefined;
    /** Whose account it is to be added to. */
    readonly person?: string | undefined;
  };
  readonly wallet: {
    /** What is to be signed. */
    readonly message: string;
    /** In lower case. */
    readonly address: string;
    /** The gateway's own address, at which it began. */
    readonly root: string;
    /** Whose account it is to be added to. */
    readonly person?: string | undefined;
  };
}

export type ChallengeKind = keyof ChallengeValues;

export class Challenges {
  readonly #db: IdentityDatabase["db"];
  readonly #now: () => number;

  constructor(db: IdentityDatabase["db"], now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /** Returns the secret for the browser. */
  async begin<K extends ChallengeKind>(
    kind: K,
    value: ChallengeValues[K],
    lifetimeMs: number = LIFETIME_MS,
  ): Promise<string> {
    const [secret, now] = [newSecret(), this.#now()];
    await this.#db.deleteFrom("challenges").where("until", "<=", now).execute();
    await this.#db
      .insertInto("challenges")
      .values({ hash: hashOf(secret), kind, value: JSON.stringify(value), until: now + lifetimeMs })
      .execute();
    return secret;
  }

  /** Once: of two that ask at the same time one gets it. `undefined`: unknown, used, too old, or of another kind. */
  async take<K extends ChallengeKind>(kind: K, secret: string): Promise<ChallengeValues[K] | undefined> {
    const row = await this.#db
      .deleteFrom("challenges")
      .where("hash", "=", hashOf(secret))
      .returning(["kind", "value", "until"])
      .executeTakeFirst();
    if (!row || row.kind !== kind || row.until <= this.#now()) return undefined;
    return JSON.parse(row.value) as ChallengeValues[K];
  }
}
