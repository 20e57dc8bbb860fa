import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { expect, it } from "vitest";
import { Chats } from "../load/chats.ts";
import { busy } from "../load/conversing.ts";
import { ingest } from "../load/ingest.ts";
import { Listeners } from "../load/listeners.ts";
import { connectInWaves, newDevice, ProtocolClient } from "../load/protocol-clients.ts";
import { startPlatform } from "../platform/bot-api.ts";
import { startFloor } from "./floor-process.ts";

const HEADERS = { "x-telegram-bot-api-secret-token": "secret" };

it.each(["fetch", "agent"])("OPS-4 the bare echo by %s answers every message of every chat", async (client) => {
  const platform = await startPlatform();
  const floor = await startFloor("echo", `${platform.url}/bot1:floor`, client);
  const chats = await Chats.open(platform, [{ port: floor.port, path: "/webhook", headers: HEADERS }], 4);
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
  const result = await ingest([{ port: floor.port, path: "/webhook", headers: HEADERS }], 8, 100);
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

it("OPS-4 the WebSocket floor lets in who knows the secret or proves a key, and nobody else", async () => {
  const floor = await startFloor("web-socket", "secret");
  const place = { port: floor.port, secret: "secret", mode: "cli" } as const;
  const device = { ...newDevice(), token: "any" };
  const forged = { ...device, privateKey: newDevice().privateKey };
  (await ProtocolClient.connect(place)).close();
  (await ProtocolClient.connect({ ...place, device })).close();
  await expect(ProtocolClient.connect({ ...place, device: forged })).rejects.toThrow("refused");
  await expect(ProtocolClient.connect({ ...place, secret: "secreT" })).rejects.toThrow("refused");
  await floor.stop();
});

it("OPS-4 the WebSocket floor tells everybody what somebody says, and a broken line is noticed", async () => {
  const floor = await startFloor("web-socket", "secret");
  const [speaker, ...others] = await connectInWaves(40, 7, () => ({ port: floor.port, secret: "secret", mode: "cli" }));
  if (!speaker) throw new Error("nobody connected");
  const listeners = new Listeners(speaker, others);
  expect(listeners.count).toBe(39);
  // Resolves when each of them heard it.
  for (let said = 0; said < 5; said++) await listeners.say("main");
  await speaker.request("floor.answer", { answer: { long: "x".repeat(70_000) } });
  expect(JSON.parse(await speaker.request("health"))).toMatchObject({ payload: { long: "x".repeat(70_000) } });
  await floor.stop();
  await expect(speaker.request("health")).rejects.toThrow();
  expect(() => speaker.check()).toThrow();
});
