/** The command line of the fuzzer. */
import { parseArgs } from "node:util";
import type { GatewayForm } from "../gateway-process/index.ts";
import { partOfName, seedOf, whole } from "../long-run/options.ts";
import { ATTACKS } from "./attacks/index.ts";

export interface FuzzOptions {
  readonly minutes: number;
  readonly seed: number;
  /** Sockets that one flood opens. */
  readonly connections: number;
  /** Only attacks whose name holds this. */
  readonly attack?: string;
  readonly json: boolean;
  readonly form: GatewayForm;
}

export const HELP = `Feeds the real gateway, over real sockets, whatever nobody should send, and checks all the while that it lives, answers
those who behave, tells nobody more than they may know, and gives back its memory and its sockets.

Usage: npm run test:fuzz -- [options]

  --minutes <n>      how long, parts of a minute too (default 5)
  --seed <n>         makes the same choices again (default: a new one, printed)
  --connections <n>  sockets that one flood opens (default 2000)
  --attack <text>    only attacks whose name holds this, e.g. "http"
  --built            run the built files, after building them (the default)
  --source           run from the sources instead
  --json             print one JSON document at the end
  --help

The n-th attack does the same for the same seed; how attacks meet each other also depends on the machine.

Examples:
  npm run test:fuzz -- --minutes 5
  npm run test:fuzz -- --minutes 0.25 --seed 7 --attack "stolen"
`;

/** `undefined` asks for help. @throws TypeError or RangeError for what cannot be understood. */
export function fuzzOptions(args: readonly string[]): FuzzOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: "string", default: "5" },
      seed: { type: "string" },
      connections: { type: "string", default: "2000" },
      attack: { type: "string" },
      built: { type: "boolean", default: false },
      source: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return undefined;
  if (values.built && values.source) throw new RangeError("Either --built or --source, not both.");
  const minutes = Number(values.minutes);
  if (!(minutes > 0 && minutes <= 24 * 60)) {
    throw new RangeError(`--minutes must be a number above 0 and at most a day, not "${values.minutes}".`);
  }
  return {
    minutes,
    seed: seedOf(values.seed),
    connections: whole("connections", values.connections, 1),
    json: values.json,
    form: values.source ? "source" : "built",
    ...(values.attack !== undefined && { attack: partOfName("attack", "attack", values.attack, ATTACKS) }),
  };
}
