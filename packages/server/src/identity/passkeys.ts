/** People's passkeys: what their devices proved once, so that they can prove it again without a password. */
import { SwitchboardError } from "@switchboard/domain";
import type { IdentityDatabase, PasskeyRow } from "@switchboard/store/identity";
import { newShortId } from "./secrets.ts";

const MOST_PASSKEYS = 20;

export interface Passkey {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly lastUsedAt?: number;
}

export type NewPasskey = Pick<PasskeyRow, "credential" | "counter" | "name" | "person" | "public_key" | "transports">;

export class Passkeys {
  readonly #db: IdentityDatabase["db"];
  readonly #now: () => number;

  constructor(db: IdentityDatabase["db"], now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /** The oldest first. */
  async list(person: string): Promise<readonly Passkey[]> {
    const rows = await this.rows(person);
    return rows.map(({ created_at, id, last_used_at, name }) => ({
      id,
      name,
      createdAt: created_at,
      ...(last_used_at !== null && { lastUsedAt: last_used_at }),
    }));
  }

  async rows(person: string): Promise<readonly PasskeyRow[]> {
    const mine = this.#db.selectFrom("passkeys").selectAll().where("person", "=", person);
    return mine.orderBy("created_at").orderBy("id").execute();
  }

  async find(credential: string): Promise<PasskeyRow | undefined> {
    return this.#db.selectFrom("passkeys").selectAll().where("credential", "=", credential).executeTakeFirst();
  }

  /** @throws REQ_004 for one that is known already, whoever it belongs to, and when there are too many. */
  async add(passkey: NewPasskey): Promise<string> {
    if ((await this.rows(passkey.person)).length >= MOST_PASSKEYS) {
      throw new SwitchboardError("REQ_004", `You have ${MOST_PASSKEYS} passkeys.`, { action: "Remove one first." });
    }
    const id = `pk_${newShortId()}`;
    const added = await this.#db
      .insertInto("passkeys")
      .values({ ...passkey, id, created_at: this.#now(), last_used_at: null })
      .onConflict((conflict) => conflict.column("credential").doNothing())
      .executeTakeFirst();
    if (added.numInsertedOrUpdatedRows === 1n) return id;
    throw new SwitchboardError("REQ_004", "This passkey is known already.", { action: "Sign in with it." });
  }

  /**
   * Notes a use. False when its count did not grow since it was read: somebody has a copy, or uses it in this moment.
   * Those that do not count say 0 each time.
   */
  async used({ counter: before, id }: PasskeyRow, counter: number): Promise<boolean> {
    if (counter <= before && (counter !== 0 || before !== 0)) return false;
    const { numUpdatedRows } = await this.#db
      .updateTable("passkeys")
      .set({ counter, last_used_at: this.#now() })
      .where("id", "=", id)
      .where("counter", "=", before)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  /** False when the person has no such passkey. */
  async rename(person: string, id: string, name: string): Promise<boolean> {
    const theirs = this.#db.updateTable("passkeys").set({ name }).where("person", "=", person).where("id", "=", id);
    return (await theirs.executeTakeFirst()).numUpdatedRows > 0n;
  }
}
