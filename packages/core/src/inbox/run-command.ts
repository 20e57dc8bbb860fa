/** Runs a chat command, or asks first. */
import { type Control, formatMarkdown, type Json, markdownContent, type OutboundContent } from "@switchboard/domain";
import type { Command } from "../commands/command.ts";
import { COMMANDS } from "../commands/commands.ts";
import { type CommandLine, quoteWord } from "../commands/lexer.ts";
import { mayRun } from "../commands/may-run.ts";
import { ownControls } from "../commands/owned-controls.ts";
import type { Effect, NewTranscriptEntry } from "../ports/index.ts";
import { type Case, type Decision, type DecisionPorts, replyEffect } from "./decision.ts";
import { previewOf } from "./describe.ts";
import { refuse } from "./refuse.ts";

const OWNERS_ONLY = "Only the owners of this account may do that";

export async function runCommand(
  question: Case,
  command: Command,
  line: CommandLine,
  ports: DecisionPorts,
): Promise<Decision> {
  const { account, event, route, stored } = question;
  if (!mayRun(command, question)) {
    const reason = `command ${command.name}`;
    return refuse(question, "SEC_003", reason, true, ports, command.ownersOnly && OWNERS_ONLY);
  }
  const { tenant } = account.ref;
  const result = await command.run({
    account,
    event,
    cause: { event: stored.id, expiresAt: stored.expiresAt },
    route,
    line,
    preferences: await ports.store.sessions.preferences(tenant, route.session),
    agents: ports.routing().agents,
    commands: COMMANDS,
    pairings: ports.pairings,
    devices: ports.devices,
    setupDesk: ports.setupDesk,
    now: ports.clock.now(),
    status: () => ports.commandStatus(tenant, route.session),
  });
  const reply = result.reply
    ? exchange(question, result.reply, ports, {
        inPlace: result.inPlace ?? false,
        private: result.private ?? command.private ?? false,
      })
    : [];
  return {
    state: "handled",
    reason: `command ${command.name}`,
    session: route.session,
    effects: [...(result.effects ?? []), ...reply],
  };
}

/** The classifier may be wrong: before anything changes, a person presses a button. */
export function confirmCommand(question: Case, command: Command, line: CommandLine, ports: DecisionPorts): Decision {
  const written = `/${[command.name, ...line.args.map(quoteWord)].join(" ")}`;
  const buttons: Control[] = [
    { kind: "button", label: "Yes", value: written, style: "primary" },
    { kind: "button", label: "No", value: "/menu" },
  ];
  const content = markdownContent(`Shall I run \`${written.replaceAll("`", "")}\`? (${command.description})`, {
    controls: [buttons],
  });
  return {
    state: "handled",
    reason: `asked before command ${command.name}`,
    session: question.route.session,
    effects: exchange(question, content, ports),
  };
}

/** The reply, and both sides of the exchange as notices in the session: people see them, the agent does not. */
function exchange(
  question: Case,
  content: OutboundContent,
  ports: DecisionPorts,
  options: { readonly inPlace?: boolean; readonly private?: boolean } = {},
): Effect[] {
  const { event, route } = question;
  const place = { ...route.place, idleMs: ports.settings.idleMs };
  const at = ports.clock.now();
  const sender = event.sender?.displayName ?? event.sender?.username ?? "user";
  const notice = (entry: Omit<NewTranscriptEntry, "role" | "at">): Effect => ({
    type: "note",
    session: route.session,
    place,
    entry: { role: "notice", at, ...entry },
  });
  const controls = content.controls as Json | undefined;
  const owner = event.conversation.kind === "direct" ? undefined : event.sender?.id;
  return [
    notice({ sender, text: previewOf(event) }),
    notice({ text: formatMarkdown(content.body), ...(controls && { extra: { controls } }) }),
    replyEffect(question, owner === undefined ? content : ownControls(content, owner), ports, options),
  ];
}
