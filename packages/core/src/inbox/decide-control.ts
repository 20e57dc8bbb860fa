/** A pressed button or a platform's own command. */
import type { CommandEvent, ControlEvent } from "@switchboard/domain";
import { findCommand } from "../commands/commands.ts";
import { lexArguments, lexCommand } from "../commands/lexer.ts";
import { readOwnedValue } from "../commands/owned-controls.ts";
import { turnDecision } from "./decide-message.ts";
import type { Case, Decision, DecisionPorts } from "./decision.ts";
import { pressedValue } from "./pressed.ts";
import { runCommand } from "./run-command.ts";

/** A button's value is a command line or what the person chose, which the agent is told as if they had written it. */
export async function decideControl(question: Case<ControlEvent>, ports: DecisionPorts): Promise<Decision> {
  const { event, account, route, stored } = question;
  const given = await pressedValue(event, account, ports);
  if (given === undefined) {
    return { state: "ignored", reason: "button-too-old", session: route.session, note: "This button is too old." };
  }
  const { owner, value } = readOwnedValue(given);
  if (owner !== undefined && owner !== event.sender?.id) {
    const note = "This menu is somebody else's. Write /menu for your own.";
    return { state: "ignored", reason: "button-of-somebody-else", session: route.session, note };
  }
  const line = lexCommand(value);
  const command = line && findCommand(line.name);
  if (command) return runCommand({ ...question, event: { ...event, value } }, command, line, ports);
  return turnDecision(
    question,
    {
      event: stored.id,
      text: value,
      at: event.at,
      receivedAt: stored.receivedAt,
      ...(event.sender && { sender: event.sender }),
    },
    ports,
  );
}

/** An unknown command goes to the agent as it was written. */
export async function decideCommandEvent(question: Case<CommandEvent>, ports: DecisionPorts): Promise<Decision> {
  const { event, stored } = question;
  const command = findCommand(event.name);
  if (command) {
    const line = { name: command.name, args: lexArguments(event.text), rest: event.text.trim() };
    return runCommand(question, command, line, ports);
  }
  const text = `/${event.name} ${event.text}`.trim();
  return turnDecision(
    question,
    {
      event: stored.id,
      text,
      at: event.at,
      receivedAt: stored.receivedAt,
      ...(event.sender && { sender: event.sender }),
    },
    ports,
  );
}
