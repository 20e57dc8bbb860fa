/** `npm run bench`: what the gateway carries, beside floors measured in the same run. `--help` for usage. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildWorkspace } from "@switchboard/testkit/gateway-process";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { describeMachine } from "./machine.ts";
import type { Bench } from "./measure/bench.ts";
import { measureChannels } from "./measure/channels.ts";
import { measureEndToEnd } from "./measure/e2e.ts";
import { measureIngest } from "./measure/ingest.ts";
import { measureMemory } from "./measure/memory.ts";
import { measureProtocol } from "./measure/protocol.ts";
import { measureWithSimulator } from "./measure/simulator.ts";
import { measureStart } from "./measure/start.ts";
import { measureTenants } from "./measure/tenants.ts";
import { HELP, type Options, type Part, readOptions } from "./options.ts";
import { startPlatform } from "./platform/bot-api.ts";
import { Metrics } from "./report/metrics.ts";
import { markdownTable, table } from "./report/table.ts";

const MEASUREMENTS: Readonly<Record<Part, (bench: Bench) => Promise<void>>> = {
  ingest: measureIngest,
  e2e: measureEndToEnd,
  simulator: measureWithSimulator,
  channels: measureChannels,
  start: measureStart,
  memory: measureMemory,
  ws: measureProtocol,
  tenants: measureTenants,
};

async function run(options: Options): Promise<void> {
  const startedAt = performance.now();
  const say = (text: string) => {
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(0).padStart(4);
    process.stderr.write(`${seconds} s  ${text}\n`);
  };
  if (options.build) {
    say("building");
    await buildWorkspace();
  }
  await using directory = await temporaryDirectory("switchboard-bench-");
  const machine = describeMachine(directory.path);
  const platform = await startPlatform();
  const metrics = new Metrics();
  const { gatewayArgs, quick } = options;
  try {
    for (const part of options.only) {
      platform.forget();
      await MEASUREMENTS[part]({ quick, platform, metrics, directory: directory.path, gatewayArgs, say });
    }
  } finally {
    await platform.close();
  }
  const results = join(import.meta.dirname, "results");
  const report = { at: new Date().toISOString(), quick, machine, metrics: Object.fromEntries(metrics.entries()) };
  const text = `${JSON.stringify(report, null, 2)}\n`;
  await mkdir(results, { recursive: true });
  await writeFile(join(results, "latest.json"), text);
  say("done");
  const formats = {
    json: () => text,
    markdown: () => markdownTable(metrics.entries()),
    table: () => table(metrics.entries()),
  };
  process.stdout.write(`${formats[options.format]().trimEnd()}\n`);
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options) await run(options);
  else process.stdout.write(HELP);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\nSee: npm run bench -- --help\n`);
  // What was started for a measurement that broke off would keep this process alive; children end with it.
  process.exit(1);
}
