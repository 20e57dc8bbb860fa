/** Who may use which command (ACC-4). */
import type { Command, CommandContext } from "./command.ts";

type Asked = Pick<CommandContext, "account" | "event">;

/** Whether the sender holds what the command needs. */
export function mayRun(command: Command, asked: Asked): boolean {
  return !command.changes || mayChange(asked);
}

/**
 * A direct chat is the person's own. A group's session belongs to everybody in it, so that changing it takes the
 * `command` authority, unless the account leaves it to everyone; being heard there grants nothing.
 */
export function mayChange({ account, event }: Asked): boolean {
  if (event.conversation.kind === "direct" || account.settings.groupCommands === "everyone") return true;
  return account.authorities.holds("command", event.sender?.id);
}
