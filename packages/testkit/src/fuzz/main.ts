/** `npm run test:fuzz`: see `--help`. Ends with code 1 when anything that must be zero is not, 2 for wrong use. */
import { build, longRun, type Say } from "../long-run/run.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { openArena } from "./arena.ts";
import { type FuzzOptions, fuzzOptions, HELP } from "./options.ts";
import { type Report, reportOf, reportText } from "./report.ts";
import { run } from "./run.ts";

await longRun({
  help: HELP,
  options: fuzzOptions,
  async run(options, say) {
    const { form, minutes, seed } = options;
    await build(form, say);
    say(`Seed ${seed}; ${minutes} minutes.`);
    const report = await fuzz(options, say);
    return { report, text: reportText(report, `npm run test:fuzz -- --minutes ${minutes} --seed ${seed}`) };
  },
});

async function fuzz(options: FuzzOptions, say: Say): Promise<Report> {
  const { attack, connections, form, minutes, seed } = options;
  const began = performance.now();
  await using directory = await temporaryDirectory("switchboard-fuzz-");
  const arena = await openArena(directory.path, form);
  try {
    const result = await run({ arena, milliseconds: minutes * 60_000, seed, connections, attack, say });
    await arena.close();
    return reportOf(result, arena.watch, { seed, seconds: Math.round((performance.now() - began) / 1000) });
  } finally {
    await arena.close();
  }
}
