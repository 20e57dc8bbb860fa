/** A message: a chat command, or something for the agent. */
import { type InboundAttachment, type MessageEvent, newId, sanitiseFileName } from "@switchboard/domain";
import { findCommand } from "../commands/commands.ts";
import { lexCommand } from "../commands/lexer.ts";
import type { Effect, TurnInput } from "../ports/index.ts";
import type { Case, Decision, DecisionPorts } from "./decision.ts";
import { describeContent } from "./describe.ts";
import { confirmCommand, runCommand } from "./run-command.ts";

/** Longer texts are never a command in disguise. */
const CLASSIFIED_LENGTH = 200;

export async function decideMessage(question: Case<MessageEvent>, ports: DecisionPorts): Promise<Decision> {
  const { event, account, route } = question;
  if (event.operator?.plain) return turnDecision(question, messageInput(question), ports);
  const line = event.content.text === undefined ? undefined : lexCommand(event.content.text);
  if (line?.addressee && line.addressee !== account.self?.username?.toLowerCase()) {
    return { state: "ignored", reason: "command-for-another-bot", session: route.session };
  }
  const command = line && findCommand(line.name);
  if (command) return runCommand(question, command, line, ports);

  const guess = line ? undefined : await classify(question, ports);
  if (guess) {
    return guess.command.changes
      ? confirmCommand(question, guess.command, guess.line, ports)
      : runCommand(question, guess.command, guess.line, ports);
  }
  return turnDecision(question, messageInput(question), ports);
}

/** Queues a turn for the agent, or lets the input join one that waits. */
export function turnDecision(question: Case, input: TurnInput, ports: DecisionPorts): Decision {
  const { account, event, route, stored } = question;
  const { debounceMaxMs, debounceMs, queueMode } = account.settings;
  const { operator } = event;
  const effect: Effect = {
    type: "turn",
    turn: {
      id: newId("turn"),
      session: { ...route.place, idleMs: ports.settings.idleMs },
      input,
      reply: route.reply,
      priority: stored.priority,
      expiresAt: stored.expiresAt,
      ...(operator && { run: operator.run }),
      ...(operator?.overrides && { overrides: operator.overrides }),
    },
    queue: { mode: operator?.queueMode ?? queueMode, debounceMs, debounceMaxMs },
  };
  return { state: "admitted", session: route.session, effects: [effect] };
}

function messageInput({ event, stored }: Case<MessageEvent>): TurnInput {
  return {
    event: stored.id,
    messageId: event.messageId,
    text: describeContent(event.content),
    at: event.at,
    receivedAt: stored.receivedAt,
    ...(event.sender && { sender: event.sender }),
    ...(event.content.attachments && {
      attachments: event.content.attachments.map(withSafeName),
      from: { channel: stored.channel, account: stored.account },
    }),
    ...(event.replyTo?.text && { quoted: event.replyTo.text }),
  };
}

/** What people call their files ends up in prompts, pages and folders. */
function withSafeName({ fileName, ...attachment }: InboundAttachment): InboundAttachment {
  const safe = fileName === undefined ? undefined : sanitiseFileName(fileName);
  return { ...attachment, ...(safe !== undefined && { fileName: safe }) };
}

async function classify({ event, account, route }: Case<MessageEvent>, ports: DecisionPorts) {
  const text = event.content.text;
  if (!ports.classify || !text || text.length > CLASSIFIED_LENGTH || event.content.attachments?.length)
    return undefined;
  const found = await ports.classify(text, { tenant: account.ref.tenant, route });
  const command = found && findCommand(found.name);
  // A guess is nobody's order: what only owners may do is never done by one.
  if (!command || command.ownersOnly) return undefined;
  return { command, line: { name: command.name, args: found.args, rest: found.args.join(" ") } };
}
