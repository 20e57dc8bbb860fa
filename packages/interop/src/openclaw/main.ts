/** `npm run test:interop`: the real openclaw command against a real gateway. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { deviceSteps } from "./device-steps.ts";
import { interopDocument, type Seen } from "./document.ts";
import { gatewaySteps } from "./gateway-steps.ts";
import { nodeSteps } from "./node-steps.ts";
import { HELP, type InteropOptions, interopOptions } from "./options.ts";
import { type Notes, type Step, shortened } from "./step.ts";
import { install, type OpenClawWorld, openWorld } from "./world.ts";

const DOCUMENT = join(import.meta.dirname, "../../../../docs/interop.md");
const STEPS: readonly Step[] = [...gatewaySteps, ...deviceSteps, ...nodeSteps];

async function main(options: InteropOptions): Promise<void> {
  const note = (line: string) => void process.stderr.write(`${line}\n`);
  const command = await install(options, note);
  const { only } = options;
  const steps = STEPS.filter(({ id }) => only === undefined || id.includes(only));
  const seen: Seen[] = [];
  await using world = await openWorld(command);
  const notes: Notes = new Map();
  for (const [index, step] of steps.entries()) {
    const one = await take(step, world, notes);
    seen.push(one);
    const wrong = isWrong(one);
    note(`[${index + 1}/${steps.length}] ${wrong ? "✗" : "✓"} ${step.command}: ${one.worked ? "works" : one.said}`);
  }
  const wrong = seen.filter(isWrong);
  if (options.write && only === undefined && wrong.length === 0) {
    writeFileSync(DOCUMENT, interopDocument(seen, options.version, process.versions.node));
    note("docs/interop.md written");
  }
  if (options.json) {
    const results = seen.map(({ said, step, worked }) => ({
      id: step.id,
      command: step.command,
      claim: step.claim,
      worked,
      said,
    }));
    process.stdout.write(`${JSON.stringify({ version: options.version, results }, null, 2)}\n`);
  }
  note(`${seen.length - wrong.length} as documented, ${wrong.length} otherwise`);
  if (wrong.length > 0) process.exitCode = 1;
}

async function take(step: Step, world: OpenClawWorld, notes: Notes): Promise<Seen> {
  try {
    return { step, worked: true, said: shortened(await step.run(world, notes)) };
  } catch (error) {
    return { step, worked: false, said: shortened(error instanceof Error ? error.message : String(error)) };
  }
}

/** It does not do what is claimed, or does what is said not to work: then the document is out of date. */
function isWrong({ step, worked }: Seen): boolean {
  return worked === (step.claim === "no");
}

const options = interopOptions(process.argv.slice(2));
if (options) await main(options);
else process.stdout.write(HELP);
