/** People who never chose a password here: somebody else, whom the operator trusts, says who they are. */
import { randomUUID } from "node:crypto";
import { SwitchboardError } from "@switchboard/domain";
import type { IdentityDatabase } from "@switchboard/store/identity";
import type { Role } from "./principal.ts";
import { newShortId } from "./secrets.ts";

export interface Newcomer {
  readonly name: string;
  readonly email: string;
  readonly provider: string;
  readonly subject: string;
  /** Which tenant they belong to from the start. */
  readonly joins?: { readonly tenant: string; readonly role: Role };
}

export class Newcomers {
  readonly #database: IdentityDatabase;
  readonly #now: () => number;

  constructor(database: IdentityDatabase, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  /** The person whom this provider knows by that name. */
  async known(provider: string, subject: string): Promise<string | undefined> {
    const row = await this.#database.db
      .selectFrom("account")
      .select("userId")
      .where("providerId", "=", provider)
      .where("accountId", "=", subject)
      .executeTakeFirst();
    return row?.userId;
  }

  /** All of it or nothing; returns the person's id. @throws REQ_004 when the address or the subject is somebody's already. */
  async add({ email, joins, name, provider, subject }: Newcomer): Promise<string> {
    const { db, kind } = this.#database;
    const at = new Date(this.#now()).toISOString();
    const id = randomUUID();
    await db.transaction().execute(async (work) => {
      const person = await work
        .insertInto("user")
        .values({ id, name, email, emailVerified: kind === "sqlite" ? 1 : true, createdAt: at, updatedAt: at })
        .onConflict((conflict) => conflict.column("email").doNothing())
        .executeTakeFirst();
      if (person.numInsertedOrUpdatedRows !== 1n) throw taken();
      const account = await work
        .insertInto("account")
        .values(this.#account(provider, subject, id))
        .onConflict((conflict) => conflict.columns(["providerId", "accountId"]).doNothing())
        .executeTakeFirst();
      if (account.numInsertedOrUpdatedRows !== 1n) throw taken();
      if (!joins) return;
      await work
        .insertInto("members")
        .values({ ...joins, person: id, created_at: this.#now() })
        .execute();
    });
    return id;
  }

  /** Another way to sign in for somebody who is known. @throws REQ_004 when it is somebody's already. */
  async link(person: string, provider: string, subject: string): Promise<string> {
    const account = this.#account(provider, subject, person);
    const added = await this.#database.db
      .insertInto("account")
      .values(account)
      .onConflict((conflict) => conflict.columns(["providerId", "accountId"]).doNothing())
      .executeTakeFirst();
    if (added.numInsertedOrUpdatedRows !== 1n) throw taken();
    return account.id;
  }

  #account(provider: string, subject: string, person: string) {
    const at = new Date(this.#now()).toISOString();
    const id = `way_${newShortId()}`;
    return { id, accountId: subject, providerId: provider, userId: person, createdAt: at, updatedAt: at };
  }
}

function taken(): SwitchboardError {
  return new SwitchboardError("REQ_004", "This way to sign in, or its address, is somebody's already.", {
    action: "Sign in with it, or with what you used before.",
  });
}
