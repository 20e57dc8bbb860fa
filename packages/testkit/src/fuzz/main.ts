/** `npm run test:fuzz`: see `--help`. Ends with code 1 when anything that must be zero is not, 2 for wrong use. */
import { buildWorkspace } from "../gateway-process/index.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { openArena } from "./arena.ts";
import { type FuzzOptions, fuzzOptions, HELP } from "./options.ts";
import { type Report, reportOf, reportText } from "./report.ts";
import { run } from "./run.ts";

const WRONG_USE = 2;

async function main(): Promise<void> {
  let options: FuzzOptions | undefined;
  try {
    options = fuzzOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\nSee --help.\n`);
    process.exit(WRONG_USE);
  }
  if (!options) {
    process.stdout.write(HELP);
    return;
  }
  const say = (line: string) => process.stderr.write(`${line}\n`);
  if (options.form === "built") {
    say("Building …");
    await buildWorkspace();
  }
  say(`Seed ${options.seed}; ${options.minutes} minutes.`);
  const report = await fuzz(options, say);
  const again = `npm run test:fuzz -- --minutes ${options.minutes} --seed ${options.seed}`;
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : reportText(report, again));
  process.exitCode = report.ok ? 0 : 1;
}

async function fuzz(options: FuzzOptions, say: (line: string) => void): Promise<Report> {
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

await main();
// What still waits for an answer that never came must not keep the process.
process.exit();
