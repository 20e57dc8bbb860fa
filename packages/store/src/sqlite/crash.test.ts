/** A process that is killed at any moment loses nothing that it was told is stored. */

import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { TENANT } from "@switchboard/testkit/factories";
import { World } from "@switchboard/testkit/store";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { describe, expect, it } from "vitest";
import { openSqliteStore } from "./index.ts";
import { runModule } from "./test-support/child-process.ts";

const address = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);

/** Carries messages through all their stations, many at once, and says what was answered. */
const writer = (directory: string, run: number) => `
  import { openSqliteStore } from ${address("./index.ts")};
  import * as make from ${address("../../../testkit/src/factories.ts")};
  import { World } from ${address("../../../testkit/src/store/world.ts")};
  const store = await openSqliteStore({ directory: ${JSON.stringify(directory)} });
  const world = new World(store);
  await store.upkeep.breakLeases({ now: world.now, except: "run-${run}" });
  const owner = "run-${run}";
  let count = 0;
  async function carry(chat) {
    for (;;) {
      const raw = make.aRawEvent("chat-" + chat, { key: "${run}-" + count++ });
      const { results } = await world.ingest([raw]);
      console.log("stored " + raw.key);
      for (const claimed of await world.claimEvents(1, owner)) {
        const turn = make.aTurn("chat-" + chat, { input: { event: claimed.event.id, text: claimed.event.key, at: world.now } });
        const effects = [{ type: "turn", turn, queue: make.FOLLOWUP }];
        await world.settle(claimed, { state: "admitted", effects });
        console.log("admitted " + claimed.event.key);
      }
      for (const running of await world.claimTurns(1, owner)) {
        const delivery = make.aDelivery("chat-" + chat, { turn: running.turn.id });
        await world.complete(running, { deliveries: [delivery] });
        console.log("answered " + running.inputs[0].text + " " + delivery.id);
      }
    }
  }
  console.log("open");
  await Promise.all(Array.from({ length: 8 }, (_, chat) => carry(chat)));
`;

const word = (lines: readonly string[], first: string) =>
  lines.filter((line) => line.startsWith(`${first} `)).map((line) => line.split(" "));

describe("kill -9", () => {
  it("Q-6 at any moment loses nothing that was answered, and leaves nothing half done", async () => {
    await using directory = await temporaryDirectory();
    const said: string[] = [];
    const runs = 6;
    for (let run = 0; run < runs; run += 1) {
      await using child = runModule(writer(directory.path, run));
      await child.line((line) => line === "open");
      const enough = 5 + 40 * run;
      await child.line(() => child.lines.length > enough);
      await child.kill();
      // The last line may be cut in the middle.
      said.push(...child.lines.slice(0, -1));
    }

    const db = new DatabaseSync(join(directory.path, "switchboard.db"));
    expect(db.prepare("PRAGMA integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
    db.close();
    const store = await openSqliteStore({ directory: directory.path });
    try {
      const world = new World(store);
      const events = new Map<string, { state: string; turn?: string }>();
      for (let cursor: string | undefined; ; ) {
        const page = await store.inbox.list(TENANT, { limit: 500, ...(cursor !== undefined && { cursor }) });
        for (const row of page.rows) events.set(row.key, row);
        cursor = page.cursor;
        if (cursor === undefined) break;
      }
      expect(word(said, "stored").length).toBeGreaterThan(100);
      for (const [, key = ""] of word(said, "stored")) expect(events.has(key), key).toBe(true);
      for (const [, key = ""] of word(said, "admitted")) expect(events.get(key)?.state, key).toBe("admitted");
      for (const [, , id = ""] of word(said, "answered"))
        expect(await store.outbox.get(TENANT, id as never)).toBeDefined();

      // Every event leads to one turn, every turn to one end with its delivery; what is open can be worked off.
      await store.upkeep.breakLeases({ now: world.now, except: "last" });
      for (let worked = 1; worked > 0; ) {
        const claimed = await world.claimEvents(50, "last");
        for (const each of claimed) await world.settle(each);
        const running = await world.claimTurns(50, "last");
        for (const each of running) await world.complete(each);
        const sending = await world.claimDeliveries(50, "last");
        for (const each of sending) await world.sent(each);
        worked = claimed.length + running.length + sending.length;
      }
      const { queues } = await store.upkeep.stats(world.now);
      expect([queues.inbox.depth, queues.turn.depth, queues.delivery.depth]).toEqual([0, 0, 0]);
      for (const [key, { state, turn }] of events) {
        if (state !== "admitted") continue;
        const row = await store.turns.get(TENANT, turn as never);
        expect(row?.state, key).toBe("done");
        expect((await store.turns.inputs(TENANT, turn as never)).map(({ text }) => text)).toEqual([key]);
      }
    } finally {
      await store.close();
    }
  }, 60_000);
});
