/** All ways in which a person can sign in, and that one of them stays. */
import { SwitchboardError } from "@switchboard/domain";
import type { IdentityDatabase } from "@switchboard/store/identity";

/** As the sign-in library names those with a password. */
const PASSWORD = "credential";

/** Somebody at a provider, or a wallet. */
export interface Linked {
  readonly id: string;
  readonly provider: string;
  /** Who it is there. */
  readonly subject: string;
  readonly createdAt: number;
}

export class Credentials {
  readonly #db: IdentityDatabase["db"];

  constructor(db: IdentityDatabase["db"]) {
    this.#db = db;
  }

  async list(person: string): Promise<{ readonly password: boolean; readonly linked: readonly Linked[] }> {
    const rows = await this.#db
      .selectFrom("account")
      .select(["id", "providerId", "accountId", "createdAt"])
      .where("userId", "=", person)
      .orderBy("createdAt")
      .orderBy("id")
      .execute();
    return {
      password: rows.some(({ providerId }) => providerId === PASSWORD),
      linked: rows
        .filter(({ providerId }) => providerId !== PASSWORD)
        .map(({ accountId, createdAt, id, providerId }) => ({
          id,
          provider: providerId,
          subject: accountId,
          createdAt: new Date(createdAt).getTime(),
        })),
    };
  }

  /** A passkey, a wallet, somebody at a provider. @throws REQ_002; REQ_004 for the last way to sign in. */
  async remove(person: string, id: string): Promise<void> {
    await this.#db.transaction().execute(async (work) => {
      // Whoever removes another of this person's waits here, so that one is left.
      await work.updateTable("user").set({ updatedAt: new Date().toISOString() }).where("id", "=", person).execute();
      const accounts = await work
        .selectFrom("account")
        .select(["id", "providerId"])
        .where("userId", "=", person)
        .execute();
      const passkeys = await work.selectFrom("passkeys").select("id").where("person", "=", person).execute();
      const removable = [...passkeys, ...accounts.filter(({ providerId }) => providerId !== PASSWORD)];
      if (!removable.some((each) => each.id === id)) {
        throw new SwitchboardError("REQ_002", "You have no such way to sign in.", { action: "List them first." });
      }
      if (accounts.length + passkeys.length === 1) {
        throw new SwitchboardError("REQ_004", "This is your only way to sign in.", {
          action: "Add another one first.",
        });
      }
      await work.deleteFrom("passkeys").where("person", "=", person).where("id", "=", id).execute();
      await work.deleteFrom("account").where("userId", "=", person).where("id", "=", id).execute();
    });
  }
}
