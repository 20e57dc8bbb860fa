/** What comes of a decision: shown to whoever made it, or in the place of the button to everybody, with who it was. */
import { type InboundEvent, oneLine } from "@switchboard/domain";
import { OPENLY } from "../access/approvals.ts";
import type { CommandContext, CommandResult } from "./command.ts";

export interface Showing {
  readonly open: boolean;
  /** ` by …` in Markdown, or nothing. */
  readonly by: string;
  readonly how: Pick<CommandResult, "inPlace" | "private">;
}

export function showing({ event, line }: Pick<CommandContext, "event" | "line">): Showing {
  const isPress = event.kind === "control";
  const open = isPress && line.args.includes(OPENLY);
  return { open, by: open ? ` by ${nameOf(event)}` : "", how: { inPlace: true, ...(open && { private: false }) } };
}

/** People name themselves: it stays literal. */
function nameOf({ sender }: InboundEvent): string {
  const name = sender?.displayName ?? sender?.username ?? sender?.id ?? "?";
  return `\`${oneLine(name).replaceAll("`", "'").slice(0, 80).toWellFormed() || "?"}\``;
}
