/** docs/interop.md, from the steps and what was seen. */
import type { Step, Verdict } from "./step.ts";

export interface Seen {
  readonly step: Step;
  readonly worked: boolean;
  /** What was printed, or what went wrong; shortened. */
  readonly said: string;
}

const WORDS: Readonly<Record<Verdict, string>> = { works: "works", partly: "partly", no: "does not" };

export function interopDocument(seen: readonly Seen[], version: string, node: string): string {
  const rows = seen.map(
    ({ step }) => `| \`${step.command.replaceAll("|", "\\|")}\` | ${WORDS[step.claim]} | ${step.remark} |`,
  );
  const count = (claim: Verdict) => seen.filter(({ step }) => step.claim === claim).length;
  return `${[
    "# Interoperability with OpenClaw",
    "",
    `What the \`openclaw\` package ${version} does against this gateway, run on Node ${node} by \`npm run test:interop -- --write\`. ${count("works")} commands work, ${count("partly")} in part, ${count("no")} do not. The run fails when a command that is said to work does not, and also when one that is said not to work does.`,
    "",
    "The published npm gateway client is tested in every `npm test` (`packages/interop`): it pairs, comes back with its device token, calls every method that is advertised, hears the events, survives a restart and is cut off when its token is revoked; every frame is held against its own schemas.",
    "",
    "## How to point the command at this gateway",
    'Commands that take `--url` and `--token` need nothing else. The others read `openclaw.json` in their state directory: `{ "gateway": { "mode": "remote", "remote": { "url": "ws://127.0.0.1:18789", "token": "…" } } }`.',
    "",
    "## The commands",
    "| Command | Works | What happens |",
    "|---|---|---|",
    ...rows,
    "",
    "## What differs on purpose",
    "- Commands that keep their own files (`sessions`, `pairing`, `channels list`) cannot see ours; the `switchboard` command has the same ones, and the gateway answers the methods behind them.",
    "- A setup code lives three minutes instead of ten, and its device is approved by a person unless `gateway.pairing.setupCodes` is `trust`.",
    "- What a node offers is always approved by a person, also on the gateway's own machine.",
    "- A device token is shown to the device only, and only its hash is kept.",
    "- The node host also publishes skills and plug-in tools; this gateway has no such methods, answers `unauthorized role`, and the host goes on without.",
  ].join("\n")}\n`;
}
