/** Gathers the facts of a world after its gateway has ended. */
import { type ConversationId, type Target, textContent } from "@switchboard/domain";
import type { Facts, SaidFact, SeenFact } from "./facts.ts";
import { readStore } from "./store-facts.ts";
import type { Traffic } from "./traffic.ts";
import type { Place, World } from "./world.ts";

export function collectFacts(world: World, traffic: Traffic): Facts {
  const { channel } = world.installed;
  const seen = world.accounts.flatMap(({ id, simulator }) =>
    simulator.sent().map(
      (message): SeenFact => ({
        account: id,
        conversation: message.conversation,
        id: message.id,
        text: message.text,
        deleted: message.deleted,
        ...(message.thread !== undefined && { thread: message.thread }),
      }),
    ),
  );
  return { ...readStore(world.directory, channel), said: saidBy(traffic), seen, note: duplicateNote(world) };
}

function saidBy({ presses, said }: Traffic): SaidFact[] {
  return [
    ...said.map(({ kind, messageId, number, place }) => ({
      ...placeOf(place),
      messageId,
      kind,
      ...(number !== undefined && { number, marksEnd: place.mind === "model" }),
    })),
    ...presses.map(({ messageId, place }) => ({ ...placeOf(place), messageId, kind: "press" as const })),
  ];
}

function placeOf({ account, conversation, thread }: Place) {
  return { account: account.id, conversation, ...(thread !== undefined && { thread }) };
}

/** What the channel adds to a text that may be a repeat, learnt from a text that is marked. */
function duplicateNote({ installed: { channel }, places }: World): string {
  const conversation = (places[0]?.conversation ?? "") as ConversationId;
  const target: Target = { conversation, kind: "direct" };
  const [part] = channel.render(textContent("original"), target);
  const marked = part && channel.markDuplicate(part).preview;
  if (!marked?.includes("original")) throw new RangeError("the channel's note about repeats cannot be told apart");
  return marked.replace("original", "").trim();
}
