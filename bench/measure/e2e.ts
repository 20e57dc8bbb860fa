/**
 * From a webhook update to `sendMessage` with the echo agent: unloaded latency and sustained turns beside two floors,
 * with the stand-in for Telegram, which leaves the machine to the gateway.
 */
import { join } from "node:path";
import { startFloor } from "../floors/floor-process.ts";
import { botsOn, connected, install } from "../gateway.ts";
import { Chats } from "../load/chats.ts";
import { busy, until } from "../load/conversing.ts";
import { floorLike, webhookOf } from "../load/receivers.ts";
import { median } from "../report/statistics.ts";
import type { Bench } from "./bench.ts";
import { residentMb } from "./process-figures.ts";
import { sustained } from "./sustained.ts";
import { unloaded } from "./unloaded.ts";

export const CHATS = 64;

export async function measureEndToEnd(bench: Bench): Promise<void> {
  const { directory, metrics, platform, say } = bench;
  const installation = await install(join(directory, "e2e"), botsOn(platform, 1));
  const gateway = await installation.start(bench.gatewayArgs);
  const insertFloor = await startFloor("ingest", join(directory, "insert-floor.db"));
  const bareEcho = await startFloor("echo", `${platform.url}/bot1:floor`, "fetch");
  const tunedEcho = await startFloor("echo", `${platform.url}/bot1:floor`, "agent");
  try {
    await connected(platform, 1);
    const ours = webhookOf(platform, "1");
    const product = await Chats.open(platform, [ours], CHATS);
    const bare = await Chats.open(platform, [floorLike(bareEcho.port, ours)], CHATS, 100_000);
    const tuned = await Chats.open(platform, [floorLike(tunedEcho.port, ours)], CHATS, 200_000);
    const floors = [
      { name: "bare_echo", chats: bare, pid: bareEcho.pid },
      { name: "tuned_echo", chats: tuned, pid: tunedEcho.pid },
    ];
    say("end to end: warming up");
    for (const chats of [product, bare, tuned]) {
      chats.listen();
      await busy(chats, until(1_500));
    }
    await unloaded(bench, gateway, product, bare, floorLike(insertFloor.port, ours), insertFloor.figures);
    const delay = await sustained(bench, "e2e", gateway, product, floors);
    metrics.set("loop.delay_p99_ms", median(delay), "ms", delay);
    metrics.set("memory.loaded_rss_mb", residentMb(gateway.process.pid), "MB");
    for (const chats of [product, bare, tuned]) chats.close();
  } finally {
    await bareEcho.stop();
    await tunedEcho.stop();
    await insertFloor.stop();
    await gateway.process.stop();
  }
}
