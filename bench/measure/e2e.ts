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
  const echoFloor = await startFloor("echo", `${platform.url}/bot1:floor`);
  try {
    await connected(platform, 1);
    const ours = webhookOf(platform, "1");
    const product = await Chats.open(platform, ours, CHATS);
    const bare = await Chats.open(platform, floorLike(echoFloor.port, ours), CHATS, 100_000);
    say("end to end: warming up");
    product.listen();
    await busy(product, until(2_000));
    await gateway.settled();
    bare.listen();
    await busy(bare, until(1_000));
    await unloaded(bench, gateway, product, bare, floorLike(insertFloor.port, ours), insertFloor.figures);
    const loaded = await sustained(bench, "end to end", gateway, product, { chats: bare, pid: echoFloor.pid });
    metrics.set("e2e.turns_per_s", median(loaded.rate), "turns/s", loaded.rate);
    metrics.set("e2e.bare_echo_per_s", median(loaded.bareRate), "turns/s", loaded.bareRate);
    metrics.set("e2e.ratio_to_bare_echo", median(loaded.ratio), "", loaded.ratio);
    metrics.set("e2e.cpu_ms_per_turn", median(loaded.cpu), "ms", loaded.cpu);
    metrics.set("e2e.bare_echo_cpu_ms_per_turn", median(loaded.bareCpu), "ms", loaded.bareCpu);
    metrics.set("loop.delay_p99_ms", median(loaded.delay), "ms", loaded.delay);
    metrics.set("memory.loaded_rss_mb", residentMb(gateway.process.pid), "MB");
    product.close();
    bare.close();
  } finally {
    await echoFloor.stop();
    await insertFloor.stop();
    await gateway.process.stop();
  }
}
