import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { expect, it } from "vitest";
import { Chats } from "../load/chats.ts";
import { busy } from "../load/conversing.ts";
import { ingest } from "../load/ingest.ts";
import { startPlatform } from "../platform/bot-api.ts";
import { startFloor } from "./floor-process.ts";

const HEADERS = { "x-telegram-bot-api-secret-token": "secret" };

it.each(["fetch", "agent"])("OPS-4 the bare echo by %s answers every message of every chat", async (client) => {
  const platform = await startPlatform();
  const floor = await startFloor("echo", `${platform.url}/bot1:floor`, client);
  const chats = await Chats.open(platform, { port: floor.port, path: "/webhook", headers: HEADERS }, 4);
  try {
    chats.listen();
    // `say` rejects when an answer is missing, late, or not what was said.
    expect(await busy(chats, (begun) => begun < 40)).toBe(40);
  } finally {
    chats.close();
    await floor.stop();
    await platform.close();
  }
});

it("OPS-4 the ingest floor has on its disk whatever it acknowledged", async () => {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, "floor.db");
  const floor = await startFloor("ingest", file);
  const result = await ingest({ port: floor.port, path: "/webhook", headers: HEADERS }, 8, 100);
  const figures = await floor.figures();
  await floor.stop();
  using db = new DatabaseSync(file);
  const stored = db.prepare("SELECT payload FROM inbox ORDER BY seq").all() as { readonly payload: Uint8Array }[];
  expect(result.acknowledged).toBeGreaterThan(0);
  expect(stored).toHaveLength(result.acknowledged);
  expect(new TextDecoder().decode(stored[0]?.payload)).toContain('"type":"supergroup"');
  expect(figures.length).toBeLessThanOrEqual(result.acknowledged);
  expect(result.latencies).toHaveLength(result.acknowledged);
});
