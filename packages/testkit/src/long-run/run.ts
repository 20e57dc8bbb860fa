/** How a long run is started from the command line: options, building, the report, the exit code. */
import { buildWorkspace, type GatewayForm } from "../gateway-process/index.ts";

const WRONG_USE = 2;

export type Say = (line: string) => void;

export interface LongRun<Options> {
  readonly help: string;
  /** `undefined` asks for help. @throws TypeError or RangeError for what cannot be understood. */
  options(args: readonly string[]): Options | undefined;
  /** Returns what was found, for programs and for people. */
  run(options: Options, say: Say): Promise<{ readonly report: { readonly ok: boolean }; readonly text: string }>;
}

/** Ends the process with code 0 when all is well, 1 when anything that must be zero is not, 2 for wrong use. */
export async function longRun<Options extends { readonly json: boolean }>(what: LongRun<Options>): Promise<never> {
  const options = read(what);
  if (!options) {
    process.stdout.write(what.help);
    process.exit();
  }
  const { report, text } = await what.run(options, say);
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : text);
  process.exitCode = report.ok ? 0 : 1;
  // What still waits for an answer that never came must not keep the process.
  process.exit();
}

/** Builds the workspace when built files are what is to run. */
export async function build(form: GatewayForm, say: Say): Promise<void> {
  if (form !== "built") return;
  say("Building …");
  await buildWorkspace();
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function read<Options>({ options }: LongRun<Options>): Options | undefined {
  try {
    return options(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\nSee --help.\n`);
    process.exit(WRONG_USE);
  }
}
