/** What people look up is found however much came afterwards. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { aSessionKey, TENANT } from "@switchboard/testkit/factories";
import { World } from "@switchboard/testkit/store";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { expect, it } from "vitest";
import { openSqliteStore } from "./index.ts";

const MANY = 210_000;

/** Copies the newest row of a table again and again; `changes` are SQL, in which `n` counts. */
function multiply(db: DatabaseSync, table: string, changes: Readonly<Record<string, string>>): void {
  const columns = db
    .prepare(`SELECT name FROM pragma_table_info('${table}')`)
    .all()
    .map(({ name }) => String(name));
  const values = columns.map((name) => (name === "seq" ? "NULL" : (changes[name] ?? name)));
  db.exec(
    `WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < ${MANY})
     INSERT INTO ${table} (${columns.join(", ")}) SELECT ${values.join(", ")} FROM
       counted, (SELECT * FROM ${table} ORDER BY seq DESC LIMIT 1)`,
  );
}

it("Q-4 OPS-4 the events, deliveries and waiting turns of a message are found behind two hundred thousand newer rows", async () => {
  await using directory = await temporaryDirectory();
  const store = await openSqliteStore({ directory: directory.path });
  try {
    const world = new World(store, TENANT);
    const { event, lease } = await world.receive("c1");
    const running = await world.run("c1", { input: { event: event.id, text: "hello", at: world.now } });
    await store.inbox.settle(lease, event.id, { state: "admitted", now: world.now });
    const sending = await world.sending("c1", { turn: running.turn.id });
    await world.sent(sending);
    const db = new DatabaseSync(join(directory.path, "switchboard.db"));
    multiply(db, "inbox", { id: "'inb_' || n", key: "'key-' || n" });
    multiply(db, "deliveries", { id: "'dlv_' || n", turn: "NULL" });
    multiply(db, "turns", { id: "'trn_' || n", state: "'done'" });
    db.close();
    const { inbox, outbox, turns } = store;
    const turn = running.turn.id;
    expect((await inbox.list(TENANT, { turn })).rows.map(({ id }) => id)).toEqual([event.id]);
    expect((await outbox.list(TENANT, { turn })).rows.map(({ id }) => id)).toEqual([sending.delivery.id]);
    const waiting = await turns.list(TENANT, { session: aSessionKey("c1"), states: ["queued", "running"] });
    expect(waiting.rows.map(({ id }) => id)).toEqual([turn]);
    expect(waiting.cursor).toBeUndefined();
  } finally {
    await store.close();
  }
}, 60_000);
