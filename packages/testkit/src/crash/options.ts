/** The command line of the crash harness. */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import type { GatewayForm } from "../gateway-process/index.ts";
import { partOfName, seedOf, whole } from "../long-run/options.ts";
import { AIMS } from "./aims.ts";

const STORES = ["sqlite", "postgres"] as const;
export type StoreKind = (typeof STORES)[number];

export interface CrashOptions {
  readonly kills: number;
  readonly seed: number;
  readonly channel?: string;
  /** Only moments whose name holds this. */
  readonly aim?: string;
  readonly json: boolean;
  readonly jobs: number;
  readonly form: GatewayForm;
  readonly store: StoreKind;
  /** Leave the state directories for a look. */
  readonly keep: boolean;
}

export const HELP = `Kills the real gateway with SIGKILL again and again while people write to it through simulated platforms, and checks
afterwards that nothing was lost, done twice, out of order or repeated without saying so.

Usage: npm run test:crash -- [options]

  --kills <n>      how many SIGKILLs (default 50)
  --seed <n>       makes the same choices again (default: a new one, printed)
  --channel <id>   only this channel (default: all that are installed, in one gateway)
  --aim <text>     aim only at moments whose name holds this, e.g. "between send and record"
  --jobs <n>       gateways killed side by side (default: one a core, at most 2)
  --store <kind>   sqlite or postgres, on a server of its own (default sqlite)
  --source         run from the sources instead of the built files
  --keep           leave the state directories for a look, and say where they are
  --json           print one JSON document at the end
  --help

The moments aimed at and all that people and platforms do follow from the seed; when exactly a kill falls also depends on
the machine. SIGKILL does not test a power cut: what the operating system has taken stays.

Examples:
  npm run test:crash -- --kills 300
  npm run test:crash -- --kills 20 --seed 7 --keep
`;

/** `undefined` asks for help. @throws TypeError or RangeError for what cannot be understood. */
export function crashOptions(args: readonly string[]): CrashOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      kills: { type: "string", default: "50" },
      seed: { type: "string" },
      channel: { type: "string" },
      aim: { type: "string" },
      jobs: { type: "string" },
      store: { type: "string", default: "sqlite" },
      source: { type: "boolean", default: false },
      keep: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return undefined;
  const store = STORES.find((kind) => kind === values.store);
  if (store === undefined) throw new RangeError(`--store must be one of ${STORES.join(", ")}, not ${values.store}`);
  const kills = whole("kills", values.kills, 0);
  return {
    kills,
    seed: seedOf(values.seed),
    jobs: Math.min(Math.max(1, kills), whole("jobs", values.jobs ?? String(Math.min(2, availableParallelism())), 1)),
    form: values.source ? "source" : "built",
    store,
    keep: values.keep,
    json: values.json,
    ...(values.channel !== undefined && { channel: values.channel }),
    ...(values.aim !== undefined && { aim: partOfName("aim", "moment", values.aim, AIMS) }),
  };
}
