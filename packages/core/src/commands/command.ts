/** What a chat command is. */
import type { CommandArgument, InboundEvent, OutboundContent } from "@switchboard/domain";
import type { AgentSettings } from "@switchboard/protocol";
import type { Pairings } from "../access/pairings.ts";
import type { AccountRuntime } from "../accounts/runtime.ts";
import type { SetupDesk } from "../devices/desk.ts";
import type { Devices } from "../devices/devices.ts";
import type { Cause, Effect } from "../ports/index.ts";
import type { Route } from "../routing/route.ts";
import type { CommandLine } from "./lexer.ts";

export interface CommandContext {
  readonly account: AccountRuntime;
  readonly event: InboundEvent;
  /** What is done with a transaction of its own is done once for it. */
  readonly cause: Cause;
  readonly route: Route;
  readonly line: CommandLine;
  /** The session's preferences now. */
  readonly preferences: Readonly<Record<string, string>>;
  readonly agents: readonly AgentSettings[];
  readonly commands: readonly Command[];
  /** Who waits to be let in, for owners. */
  readonly pairings: Pairings;
  readonly devices: Devices;
  readonly setupDesk: SetupDesk;
  readonly now: number;
  /** Figures for /status. */
  status(): Promise<CommandStatus>;
}

export interface CommandStatus {
  readonly version: string;
  readonly uptimeMs: number;
  readonly session?: { readonly startedAt: number; readonly entries: number };
  /** Turns of this session that wait; what others wait for is nobody's business. */
  readonly queued: number;
}

export interface CommandResult {
  readonly reply?: OutboundContent;
  readonly effects?: readonly Effect[];
  /** When a button caused it: change that message instead of writing a new one. */
  readonly inPlace?: boolean;
  /** Default: as the command says. */
  readonly private?: boolean;
}

export interface Command {
  readonly name: string;
  readonly description: string;
  /** How the arguments are written, e.g. `<model>`; also tells the classifier. */
  readonly usage?: string;
  /** The same for platforms that offer a form. */
  readonly argument?: CommandArgument;
  /**
   * It changes the session: in a group that takes the `command` authority (see `mayRun`), and the classifier asks for a
   * button press first.
   */
  readonly changes: boolean;
  /**
   * Only for holders of the `command` authority, also in direct chats: nobody else is shown it, and being let in to chat
   * never grants it (ACC-4).
   */
  readonly ownersOnly?: true;
  /** The answer concerns nobody but whoever asked: in a group it is shown to them alone where the platform can. */
  readonly private?: true;
  run(context: CommandContext): CommandResult | Promise<CommandResult>;
}
