/** `npm run test:crash`: see `--help`. Ends with code 1 when anything that must be zero is not, 2 for wrong use. */
import { mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type InstalledChannel, installedChannels } from "../gateway-process/index.ts";
import { build, longRun, type Say } from "../long-run/run.ts";
import { startServer } from "../postgres-server/index.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { AIMS } from "./aims.ts";
import type { Kill } from "./kill-loop.ts";
import { type CrashOptions, crashOptions, HELP } from "./options.ts";
import { reportOf, reportText } from "./report.ts";
import { type RunResult, run } from "./run.ts";
import { openWorld } from "./world.ts";

await longRun({
  help: HELP,
  options: crashOptions,
  async run(options, say) {
    const { channel, form, kills, seed } = options;
    const installed = await installedChannels(channel);
    const channels = installed.map(({ id }) => id);
    await build(form, say);
    say(`Seed ${seed}; ${channels.join(", ")}; ${kills} kills.`);
    const began = performance.now();
    const results = await runAll(installed, options, say);
    const seconds = Math.round((performance.now() - began) / 1000);
    const report = reportOf(results, { seed, channels, seconds });
    return { report, text: reportText(report) };
  },
});

/** All channels are in each world, one gateway; the kills are shared out over worlds that run side by side. */
async function runAll(channels: readonly InstalledChannel[], options: CrashOptions, say: Say): Promise<RunResult[]> {
  const { form, jobs, keep, kills, seed, store } = options;
  const aims = AIMS.filter(({ name }) => name.includes(options.aim ?? ""));
  await using temporary = await temporaryDirectory("switchboard-crash-");
  const home = keep ? join(tmpdir(), `switchboard-crash-kept-${process.pid}`) : temporary.path;
  await mkdir(home, { recursive: true });
  const server = store === "postgres" ? await startServer({ durable: true }) : undefined;
  let done = 0;
  const onKill = ({ aim, unanswered }: Kill) => {
    done += 1;
    if (done % 10 === 0 || kills <= 20) say(`[${done}/${kills}] killed ${aim}, ${unanswered} messages unanswered`);
  };
  const worlds = Array.from({ length: jobs }, async (_, index) => {
    const directory = join(home, String(index + 1));
    const world = await openWorld(channels, directory, form, server);
    try {
      const result = await run({ world, aims, kills: share(kills, jobs, index), seed, index, onKill });
      say(`Gateway ${index + 1} of ${jobs}: at rest ${(result.settleMs / 1000).toFixed(1)} s after the last kill.`);
      return result;
    } finally {
      await world.close();
      if (!keep) await rm(directory, { recursive: true, force: true });
    }
  });
  const results = await Promise.all(worlds).finally(() => server?.stop());
  if (keep) say(`State directories: ${home}`);
  return results;
}

/** The `index`-th of `parts` nearly equal parts. */
function share(whole: number, parts: number, index: number): number {
  return Math.floor((whole * (index + 1)) / parts) - Math.floor((whole * index) / parts);
}
