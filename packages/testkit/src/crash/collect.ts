/** Gathers the facts of a world after its gateway has ended. */
import { type ConversationId, type Target, textContent } from "@switchboard/domain";
import type { Facts, SaidFact, SeenFact } from "./facts.ts";
import { readStore } from "./store-facts.ts";
import type { Traffic } from "./traffic.ts";
import type { Place, World, WorldAccount } from "./world.ts";

export async function collectFacts(world: World, traffic: Traffic): Promise<Facts> {
  const seen = world.accounts.flatMap((account) => {
    const note = duplicateNote(account, world.places);
    return account.simulator.sent().map(
      (message): SeenFact => ({
        account: account.id,
        note,
        conversation: message.conversation,
        id: message.id,
        text: message.text,
        deleted: message.deleted,
        ...(message.thread !== undefined && { thread: message.thread }),
      }),
    );
  });
  return { ...(await readStore(world.look, world.accounts)), said: saidBy(traffic), seen };
}

function saidBy({ presses, said }: Traffic): SaidFact[] {
  const accounts = new Set(said.map(({ place }) => place.account));
  const givenUp = new Map([...accounts].map((account) => [account, new Set(account.simulator.givenUp?.())]));
  return [
    ...said.map(({ kind, messageId, number, place }) => ({
      ...placeOf(place),
      messageId,
      kind,
      ...(givenUp.get(place.account)?.has(messageId) && { givenUp: true }),
      ...(number !== undefined && { number, marksEnd: place.mind === "model" }),
    })),
    ...presses.map(({ messageId, place }) => ({ ...placeOf(place), messageId, kind: "press" as const })),
  ];
}

function placeOf({ account, conversation, thread }: Place) {
  return { account: account.id, conversation, ...(thread !== undefined && { thread }) };
}

/** What the channel adds to a text that may be a repeat, learnt from a text that is marked. */
function duplicateNote(account: WorldAccount, places: readonly Place[]): string {
  const { channel } = account;
  const place = places.find((each) => each.account === account);
  const conversation = (place?.conversation ?? "") as ConversationId;
  const target: Target = { conversation, kind: "direct" };
  const [part] = channel.render(textContent("original"), target);
  const marked = part && channel.markDuplicate(part).preview;
  // A preview may say more than the message does, behind its text.
  const [before = "", after = ""] = marked?.split("original") ?? [];
  const note = before.trim() || after.trim();
  if (note === "") throw new RangeError("the channel's note about repeats cannot be told apart");
  return note;
}
