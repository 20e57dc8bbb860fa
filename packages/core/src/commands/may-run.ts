/** Who may use which command (ACC-4). */
import type { InboundEvent } from "@switchboard/domain";
import type { AccountRuntime } from "../accounts/runtime.ts";
import type { Command } from "./command.ts";

interface Asked {
  readonly account: Pick<AccountRuntime, "authorities" | "settings">;
  readonly event: Pick<InboundEvent, "conversation" | "sender">;
}

/** Whether the sender holds what the command needs. */
export function mayRun(command: Command, asked: Asked): boolean {
  if (command.ownersOnly) return isOwner(asked);
  return !command.changes || mayChange(asked);
}

/** Whether the sender holds the `command` authority, wherever they write. */
export function isOwner({ account, event }: Asked): boolean {
  return account.authorities.holds("command", event.sender?.id);
}

/**
 * A direct chat is the person's own. A group's session belongs to everybody in it, so that changing it takes the
 * `command` authority, unless the account leaves it to everyone; being heard there grants nothing.
 */
export function mayChange(asked: Asked): boolean {
  const { account, event } = asked;
  return event.conversation.kind === "direct" || account.settings.groupCommands === "everyone" || isOwner(asked);
}
