import { openIdentityDatabase, openIdentityFile } from "@switchboard/store/identity";
import { missingServer, startServer } from "@switchboard/testkit/postgres-server";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { describe, expect, it } from "vitest";
import { Tries } from "./tries.ts";

const LIMIT = { calls: 10, windowMs: 60_000 };

/** How many of thirty at once two nodes let through, then what the next hears, and what one hears after the window. */
async function guessOnTwoNodes(open: () => ReturnType<typeof openIdentityFile>) {
  let now = 1_000_000;
  const databases = [await open(), await open()];
  const nodes = databases.map((database) => new Tries(database, () => now));
  const tried = await Promise.all(Array.from({ length: 30 }, (_, index) => nodes[index % 2]?.take("account a", LIMIT)));
  const locked = await nodes[1]?.take("account a", LIMIT);
  const other = await nodes[0]?.take("account b", LIMIT);
  now += LIMIT.windowMs;
  const later = await nodes[0]?.take("account a", LIMIT);
  for (const database of databases) await database.close();
  return {
    allowed: tried.filter((each) => each?.allowed).length,
    told: tried.filter((each) => each?.isFirstRefused).length,
    locked: locked?.allowed,
    waits: locked?.retryAfterMs,
    other: other?.allowed,
    later: later?.allowed,
  };
}

describe("TEN-1 guessing is counted for all nodes together", () => {
  const right = { allowed: 10, told: 1, locked: false, waits: LIMIT.windowMs, other: true, later: true };

  it("in one file", async () => {
    await using directory = await temporaryDirectory();
    expect(await guessOnTwoNodes(() => openIdentityFile(directory.path))).toEqual(right);
  });

  it("what was refused is refused from memory, without another write, until the window ends or it is forgotten", async () => {
    await using directory = await temporaryDirectory();
    const database = await openIdentityFile(directory.path);
    const { close, db } = database;
    let now = 1_000_000;
    const tries = new Tries(database, () => now);
    const limit = { calls: 2, windowMs: 60_000 };
    const take = async (times: number) => {
      const taken = [];
      for (let each = 0; each < times; each += 1) taken.push((await tries.take("account a", limit)).allowed);
      return taken;
    };
    const written = async () => (await db.selectFrom("tries").select("count").execute()).map(({ count }) => count);
    expect(await take(5)).toEqual([true, true, false, false, false]);
    expect(await written()).toEqual([3]);
    now += 45_000;
    expect(await tries.take("account a", limit)).toEqual({
      allowed: false,
      isFirstRefused: false,
      retryAfterMs: 15_000,
    });
    now += 15_000;
    expect(await take(3)).toEqual([true, true, false]);
    await tries.forget("account a");
    expect(await take(1)).toEqual([true]);
    await close();
  });

  const missing = missingServer();
  it.skipIf(missing !== undefined)(
    `on PostgreSQL${missing === undefined ? "" : ` (skipped: ${missing})`}`,
    async () => {
      const server = await startServer();
      try {
        const url = server.url(await server.createDatabase());
        expect(await guessOnTwoNodes(() => openIdentityDatabase({ url }))).toEqual(right);
      } finally {
        await server.stop();
      }
    },
  );
});
