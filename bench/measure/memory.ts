/** Resident memory over many messages: it must not grow with them. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { botsOn, connected, install } from "../gateway.ts";
import { Chats } from "../load/chats.ts";
import { busy } from "../load/conversing.ts";
import { webhookOf } from "../load/receivers.ts";
import type { Bench } from "./bench.ts";
import { residentMb } from "./process-figures.ts";

const CHATS = 64;
const STEPS = 5;
const REST_MS = 2_000;

export async function measureMemory({ directory, gatewayArgs, metrics, platform, quick, say }: Bench): Promise<void> {
  const messages = quick ? 10_000 : 100_000;
  const installation = await install(join(directory, "memory"), botsOn(platform, 1));
  const gateway = await installation.start(gatewayArgs);
  try {
    await connected(platform, 1);
    const chats = await Chats.open(platform, [webhookOf(platform, "1")], CHATS);
    chats.listen();
    const steps: number[] = [];
    for (let step = 1; step <= STEPS; step++) {
      await busy(chats, (begun) => begun < messages / STEPS);
      await gateway.settled();
      const resident = residentMb(gateway.process.pid);
      if (resident !== undefined) steps.push(resident);
      say(`memory: ${Math.round(resident ?? 0)} MB after ${(messages * step) / STEPS} messages`);
    }
    await sleep(REST_MS);
    chats.close();
    const name = quick ? "memory.rss_after_10k_messages_mb" : "memory.rss_after_100k_messages_mb";
    metrics.set(name, residentMb(gateway.process.pid), "MB", steps);
    // The first step fills caches and the engine's heap; from there on it should stay where it is.
    const [first, last] = [steps[0], steps.at(-1)];
    if (first !== undefined && last !== undefined) metrics.set("memory.growth_under_load_mb", last - first, "MB");
  } finally {
    await gateway.process.stop();
  }
}
