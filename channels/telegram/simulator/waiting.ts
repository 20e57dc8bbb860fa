/** Waiting until the bot has said something. */
import { type ConversationId, type SimulatedMessage, SwitchboardError } from "@switchboard/domain";
import { isSent, viewOf } from "./view.ts";
import type { World } from "./world/world.ts";

const USUAL_MS = 10_000;

/** What the bot sent, oldest first. */
export function sentMessages(world: World, conversation?: ConversationId): SimulatedMessage[] {
  const messages =
    conversation === undefined ? world.history.all() : (world.chats.get(Number(conversation))?.messages.values() ?? []);
  const views: SimulatedMessage[] = [];
  for (const message of messages) if (isSent(message)) views.push(viewOf(message, world.files));
  return views;
}

/** The first message that satisfies `found`, now or when it is there. Rejects with AGENT_002 when the time is up. */
export function waitForMessage(
  world: World,
  found: (message: SimulatedMessage) => boolean,
  { conversation, timeoutMs = USUAL_MS }: { readonly conversation?: ConversationId; readonly timeoutMs?: number } = {},
): Promise<SimulatedMessage> {
  const there = sentMessages(world, conversation).find(found);
  if (there) return Promise.resolve(there);
  return new Promise((resolve, reject) => {
    const chat = conversation === undefined ? undefined : Number(conversation);
    const stop = world.changes.listen((change) => {
      if (change.kind !== "message" || !isSent(change.message)) return;
      if (chat !== undefined && change.message.chat.id !== chat) return;
      const view = viewOf(change.message, world.files);
      if (!matches(view)) return;
      settle();
      resolve(view);
    });
    const timer = setTimeout(() => {
      settle();
      reject(new SwitchboardError("MSG_007", `No such message after ${timeoutMs} ms; ${summary(world, conversation)}`));
    }, timeoutMs);
    const settle = (): void => {
      clearTimeout(timer);
      stop();
    };
    const matches = (view: SimulatedMessage): boolean => {
      try {
        return found(view);
      } catch (error) {
        settle();
        reject(error);
        return false;
      }
    };
  });
}

/** The newest messages, for whoever waited in vain. */
function summary(world: World, conversation: ConversationId | undefined): string {
  const sent = sentMessages(world, conversation);
  const newest = sent.slice(-5).map(({ text }) => JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text));
  return sent.length === 0 ? "nothing was sent there" : `of ${sent.length} the newest are ${newest.join(", ")}`;
}
