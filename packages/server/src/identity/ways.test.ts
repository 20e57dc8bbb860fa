/** A key's own limit: what counts as one of its requests, and what does not. */
import type { IncomingMessage } from "node:http";
import { DEFAULT_TENANT } from "@switchboard/domain";
import { openIdentityFile } from "@switchboard/store/identity";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { describe, expect, it } from "vitest";
import { Keys } from "./keys.ts";
import { scopesOf } from "./principal.ts";
import { Tries } from "./tries.ts";
import { keyWay } from "./ways.ts";

const NOW = 1_800_000_000_000;

describe("A15 how often a key is used", () => {
  it("A15 TEN-6 requests and calls over a line are counted apart; whether a line still holds is never too much to ask", async () => {
    await using directory = await temporaryDirectory();
    const database = await openIdentityFile(directory.path);
    const keys = new Keys(database.db, () => NOW);
    const tries = new Tries(database, () => NOW);
    const by = { kind: "operator", id: "operator:x", tenant: DEFAULT_TENANT, role: "owner" } as const;
    const made = await keys.create({ ...by, scopes: scopesOf("owner") }, { name: "agent", scopes: ["agents:run"] });
    const way = keyWay({ keys, tries });
    const request = { headers: { authorization: `Bearer ${made.secret}` } } as IncomingMessage;
    const limit = { calls: 1, windowMs: 60_000 };
    const tooOften = expect.objectContaining({ code: "SEC_011" });

    await tries.take(`key:${made.key.id}`, limit, 1_200);
    await expect(way(request)).rejects.toThrowError(tooOften);
    expect((await way(request, "call"))?.scopes).toEqual(new Set(["agents:run"]));
    await tries.take(`calls of key:${made.key.id}`, limit, 1_200);
    const again = keyWay({ keys, tries });
    await expect(again(request, "call")).rejects.toThrowError(tooOften);
    for (let count = 0; count < 50; count += 1) expect(await again(request, "line")).toBeDefined();

    await keys.revoke(DEFAULT_TENANT, made.key.id);
    await expect(again(request, "line")).rejects.toMatchObject({ code: "REQ_005" });
    await database.close();
  });
});
