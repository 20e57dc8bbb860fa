/** What the bot said. */
import type { ConversationId, SimulatedMessage } from "@switchboard/domain";
import type { Sent } from "@switchboard/simulator-kit";
import { isSent, viewOf } from "./view.ts";
import type { World } from "./world/world.ts";

/** What the bot sent, oldest first. */
export function sentMessages(world: World, conversation?: ConversationId): SimulatedMessage[] {
  const messages =
    conversation === undefined ? world.history.all() : (world.chats.get(Number(conversation))?.messages.values() ?? []);
  const views: SimulatedMessage[] = [];
  for (const message of messages) if (isSent(message)) views.push(viewOf(message, world.files));
  return views;
}

/** Where `waitFor` looks. */
export function sentIn(world: World): Sent {
  return {
    sent: (conversation) => sentMessages(world, conversation),
    listen: (listener) =>
      world.changes.listen((change) => {
        if (change.kind === "message" && isSent(change.message)) listener(viewOf(change.message, world.files));
      }),
  };
}
