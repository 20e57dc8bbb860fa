/** What is kept of the ways to sign in, on both databases. */
import { type IdentityDatabase, openIdentityDatabase, openIdentityFile } from "@switchboard/store/identity";
import { missingServer, startServer } from "@switchboard/testkit/postgres-server";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Challenges } from "./challenges.ts";
import { Credentials } from "./credentials.ts";
import { Passkeys } from "./passkeys.ts";

const NOW = 1_800_000_000_000;

async function withPerson(database: IdentityDatabase): Promise<void> {
  const at = new Date(NOW).toISOString();
  const emailVerified = database.kind === "sqlite" ? 0 : false;
  const person = { id: "p", name: "Ada", email: "ada@example.com", emailVerified, createdAt: at, updatedAt: at };
  await database.db.insertInto("user").values(person).execute();
  const account = { id: "a", accountId: "p", providerId: "credential", userId: "p", createdAt: at, updatedAt: at };
  await database.db.insertInto("account").values(account).execute();
}

function waysAreKept(open: () => Promise<IdentityDatabase>): void {
  let database: IdentityDatabase;
  beforeAll(async () => {
    database = await open();
    await withPerson(database);
  }, 60_000);
  afterAll(() => database?.close());

  it("TEN-1 a challenge is taken once, in time, and for its kind; what is over goes", async () => {
    let now = NOW;
    const challenges = new Challenges(database.db, () => now);
    const begin = () => challenges.begin("passkey.sign-in", { challenge: "c" }, 1_000);
    const secret = await begin();
    const twice = [challenges.take("passkey.sign-in", secret), challenges.take("passkey.sign-in", secret)];
    expect((await Promise.all(twice)).filter((each) => each !== undefined)).toEqual([{ challenge: "c" }]);
    expect(await challenges.take("passkey.add", await begin())).toBeUndefined();
    const late = await begin();
    now += 1_000;
    expect(await challenges.take("passkey.sign-in", late)).toBeUndefined();
    await begin();
    now += 1_000;
    await begin();
    expect(await database.db.selectFrom("challenges").select("kind").execute()).toHaveLength(1);
  });

  it("TEN-1 passkeys: one person each, a count that grows, a limit; the only way to sign in stays", async () => {
    const [passkeys, credentials] = [new Passkeys(database.db, () => NOW), new Credentials(database.db)];
    const made = { counter: 0, name: "Laptop", person: "p", public_key: "k", transports: "[]" };
    const id = await passkeys.add({ ...made, credential: "c0" });
    await expect(passkeys.add({ ...made, credential: "c0" })).rejects.toMatchObject({ code: "REQ_004" });
    const found = async () => (await passkeys.find("c0")) ?? expect.unreachable();
    expect(await passkeys.used(await found(), 0)).toBe(true);
    const before = await found();
    expect(await passkeys.used(before, 5)).toBe(true);
    expect([await passkeys.used(before, 5), await passkeys.used(await found(), 5)]).toEqual([false, false]);
    expect(await passkeys.list("p")).toEqual([{ id, name: "Laptop", createdAt: NOW, lastUsedAt: NOW }]);
    for (let more = 1; more < 20; more += 1) await passkeys.add({ ...made, credential: `c${more}` });
    await expect(passkeys.add({ ...made, credential: "many" })).rejects.toMatchObject({ code: "REQ_004" });

    expect(await credentials.list("p")).toEqual({ password: true, linked: [] });
    await database.db.deleteFrom("account").execute();
    const all = await passkeys.list("p");
    const removed = await Promise.allSettled(all.map((each) => credentials.remove("p", each.id)));
    expect(removed.filter(({ status }) => status === "rejected")).toHaveLength(1);
    await expect(credentials.remove("p", id)).rejects.toMatchObject({ code: expect.stringMatching(/^REQ_00[24]$/) });
  });
}

describe("in one file", () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  afterAll(() => directory?.[Symbol.asyncDispose]());
  waysAreKept(async () => {
    directory = await temporaryDirectory();
    return openIdentityFile(directory.path);
  });
});

const missing = missingServer();
describe.skipIf(missing !== undefined)(`on PostgreSQL${missing === undefined ? "" : ` (skipped: ${missing})`}`, () => {
  let server: Awaited<ReturnType<typeof startServer>>;
  afterAll(() => server?.stop());
  waysAreKept(async () => {
    server = await startServer();
    return openIdentityDatabase({ url: server.url(await server.createDatabase()) });
  });
});
