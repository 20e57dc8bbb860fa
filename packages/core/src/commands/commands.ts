/** The gateway's chat commands, in the order /help shows them. */
import type { CommandHint } from "@switchboard/domain";
import type { Command } from "./command.ts";
import { help, newSession, start, status, stop, whoami } from "./general.ts";
import { pair } from "./pair.ts";
import { pairing } from "./pairing.ts";
import { menu, parameterCommands } from "./parameters.ts";

export const COMMANDS: readonly Command[] = [
  start,
  help,
  menu,
  ...parameterCommands,
  newSession,
  stop,
  status,
  whoami,
  pairing,
  pair,
];

/** Those that may be shown to anybody: in a platform's menu, or to the classifier. */
export const PUBLIC_COMMANDS: readonly Command[] = COMMANDS.filter(({ ownersOnly }) => !ownersOnly);

/** The same as platforms are told. */
export const COMMAND_HINTS: readonly CommandHint[] = PUBLIC_COMMANDS.map(
  ({ name, description, argument, private: isPrivate }) => ({
    name,
    description,
    ...(argument && { argument }),
    ...(isPrivate && { private: true }),
  }),
);

/** The command of that name; `reset` is `new` by the name other gateways use. */
export function findCommand(name: string): Command | undefined {
  const wanted = name === "reset" ? "new" : name;
  return COMMANDS.find((command) => command.name === wanted);
}
