/** From spawning the process to `/readyz`, and resident memory at rest: with 1, 100 and 1,000 accounts. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { botsOn, connected, install } from "../gateway.ts";
import { median } from "../report/statistics.ts";
import type { Bench } from "./bench.ts";
import { residentMb } from "./process-figures.ts";

/** Long enough for the accounts to connect and for what start-up left to be collected. */
const REST_MS = 8_000;

export async function measureStart(bench: Bench): Promise<void> {
  const { metrics, quick } = bench;
  const starts = quick ? 3 : 7;
  const one = await startsWith(bench, 1, starts);
  metrics.set("start.ready_ms", median(one.ready), "ms", one.ready);
  metrics.set("start.first_ready_ms", one.first, "ms");
  metrics.set("memory.idle_rss_mb", one.rss, "MB");
  if (!quick) {
    const hundred = await startsWith(bench, 100, 3);
    metrics.set("start.ready_100_accounts_ms", median(hundred.ready), "ms", hundred.ready);
    metrics.set("memory.idle_rss_100_accounts_mb", hundred.rss, "MB");
  }
  const thousand = await startsWith(bench, 1_000, quick ? 1 : 3);
  metrics.set("start.ready_1000_accounts_ms", median(thousand.ready), "ms", thousand.ready);
  metrics.set("memory.idle_rss_1000_accounts_mb", thousand.rss, "MB");
}

/** The first start makes the state directory and is kept apart; then `starts` more on the same one. */
async function startsWith(
  { directory, gatewayArgs, platform, say }: Bench,
  accounts: number,
  starts: number,
): Promise<{ readonly first: number; readonly ready: readonly number[]; readonly rss: number | undefined }> {
  const installation = await install(join(directory, `start-${accounts}`), botsOn(platform, accounts));
  const ready: number[] = [];
  let first = 0;
  let rss: number | undefined;
  for (let start = 0; start <= starts; start++) {
    platform.forget();
    const gateway = await installation.start(start === starts ? gatewayArgs : []);
    if (start === 0) first = gateway.readyMs;
    else ready.push(gateway.readyMs);
    await connected(platform, accounts);
    if (start === starts) {
      await sleep(REST_MS);
      rss = residentMb(gateway.process.pid);
    }
    await gateway.process.stop();
  }
  say(`start with ${accounts} account(s): ${ready.map((ms) => Math.round(ms)).join(", ")} ms, ${rss?.toFixed(0)} MB`);
  return { first, ready, rss };
}
