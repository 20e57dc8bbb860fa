/** The message that shows an answer while it is written. */
import { describe, expect } from "vitest";
import { ACCOUNT, aDelivery, CHANNEL, claimAs, conversation, message } from "../factories.ts";
import { conflict, lost } from "./expectations.ts";
import type { Suite } from "./suite.ts";
import { FAILURE, given, REFUSAL, SILENCE } from "./world.ts";

const sent = (id: string) => ({ state: "sent", receipt: { messageIds: [message(id)] } }) as const;

export function draftsContract({ alone, test }: Suite): void {
  describe("drafts", () => {
    test("AGT-4 a draft is sent outside its lane under its turn's lease, and superseded by the answer", async (world) => {
      const running = await world.run("c1");
      const draft = aDelivery("c1", { kind: "draft", turn: running.turn.id });
      const { openDraft, settleDraft } = world.store.outbox;
      expect(await openDraft(running.lease, draft, world.now)).toBe(draft.id);
      expect(await world.delivery(draft.id)).toMatchObject({ kind: "draft", state: "sending", turn: running.turn.id });
      expect(await world.store.outbox.attempts(world.tenant, draft.id)).toMatchObject([
        { number: 1, state: "sending" },
      ]);
      await settleDraft(running.lease, draft.id, sent("m1"), world.now);
      expect(await world.delivery(draft.id)).toMatchObject({ state: "sent", messageIds: ["m1"] });
      await expect(settleDraft(running.lease, draft.id, sent("m1"), world.now)).rejects.toMatchObject(conflict);
      expect(await world.claimDeliveries()).toEqual([]);

      const answer = aDelivery("c1", { edits: message("m1"), turn: running.turn.id });
      const { claimedDeliveries } = await world.complete(running, {
        deliveries: [answer],
        claimDeliveries: claimAs(),
      });
      expect(await world.delivery(draft.id)).toMatchObject({ state: "superseded" });
      await world.sent(given(claimedDeliveries[0]), "m1");
      const where = { channel: CHANNEL, account: ACCOUNT, conversation: conversation("c1"), messageId: message("m1") };
      expect(await world.store.outbox.sentMessage(world.tenant, where)).toMatchObject({ delivery: answer.id });
    });

    test("AGT-4 a draft does not overtake deliveries of its lane", async (world) => {
      const running = await world.run("c1");
      const waiting = aDelivery("c1");
      await world.post(waiting);
      const open = () => world.store.outbox.openDraft(running.lease, aDelivery("c1", { kind: "draft" }), world.now);
      expect(await open()).toBeUndefined();
      const sending = given((await world.claimDeliveries())[0]);
      expect(await open()).toBeUndefined();
      await world.sent(sending);
      expect(await open()).toBeDefined();
    });

    test("AGT-4 a turn has one draft", async (world) => {
      const running = await world.run("c1");
      const open = () => world.store.outbox.openDraft(running.lease, aDelivery("c1", { kind: "draft" }), world.now);
      expect(await open()).toBeDefined();
      expect(await open()).toBeUndefined();
    });

    alone("Q-6 the next run of a turn whose process died carries on with its draft", async (world) => {
      const running = await world.run("c1");
      const draft = aDelivery("c1", { kind: "draft" });
      await world.store.outbox.openDraft(running.lease, draft, world.now);
      await world.store.outbox.settleDraft(running.lease, draft.id, sent("m1"), world.now);
      world.now += 60_001;
      await world.store.upkeep.breakLeases({ now: world.now });
      const again = given((await world.claimTurns(10, "process-2"))[0]);
      expect(again.draft).toEqual({ delivery: draft.id, messageId: "m1" });
      await expect(
        world.store.outbox.openDraft(running.lease, aDelivery("c1", { kind: "draft" }), world.now),
      ).rejects.toMatchObject(lost);
    });

    alone("Q-6 a draft that was being sent when its process died is unknown", async (world) => {
      const running = await world.run("c1");
      const draft = aDelivery("c1", { kind: "draft" });
      await world.store.outbox.openDraft(running.lease, draft, world.now);
      world.now += 60_001;
      await world.store.upkeep.breakLeases({ now: world.now });
      expect(await world.delivery(draft.id)).toMatchObject({ state: "unknown", error: { code: "MSG_007" } });
      await expect(
        world.store.outbox.settleDraft(running.lease, draft.id, sent("m1"), world.now),
      ).rejects.toMatchObject(lost);
      const again = given((await world.claimTurns(10, "process-2"))[0]);
      expect(again.draft).toEqual({ delivery: draft.id });
      // It is no delivery that waits: nobody claims it, and it does not hold up its lane.
      expect(await world.claimDeliveries()).toEqual([]);
      await world.complete(again);
      expect(await world.delivery(draft.id)).toMatchObject({ state: "superseded" });
    });

    test("Q-6 a draft without answer is unknown for the next run", async (world) => {
      const running = await world.run("c1");
      const draft = aDelivery("c1", { kind: "draft" });
      await world.store.outbox.openDraft(running.lease, draft, world.now);
      const outcome = { state: "unknown", error: SILENCE, notBefore: world.now } as const;
      await world.store.outbox.settleDraft(running.lease, draft.id, outcome, world.now);
      const { giveBack } = world.store.turns;
      await giveBack(running.lease, running.turn.id, { error: FAILURE, notBefore: world.now, now: world.now });
      expect(given((await world.claimTurns())[0]).draft).toEqual({ delivery: draft.id });
    });

    test("a cancelled turn's draft waits for nothing any more", async (world) => {
      const running = await world.run("c1");
      const draft = aDelivery("c1", { kind: "draft" });
      await world.store.outbox.openDraft(running.lease, draft, world.now);
      await world.store.outbox.settleDraft(running.lease, draft.id, sent("m1"), world.now);
      await world.store.turns.giveBack(running.lease, running.turn.id, { notBefore: world.now, now: world.now });
      const { session } = running.turn;
      await world.store.turns.stop(world.tenant, { session, now: world.now });
      expect(await world.delivery(draft.id)).toMatchObject({ state: "superseded" });
    });

    test("a draft that was refused is forgotten without a dead letter", async (world) => {
      const running = await world.run("c1");
      const draft = aDelivery("c1", { kind: "draft" });
      await world.store.outbox.openDraft(running.lease, draft, world.now);
      await world.store.outbox.settleDraft(running.lease, draft.id, { state: "dead", error: REFUSAL }, world.now);
      expect(await world.delivery(draft.id)).toMatchObject({ state: "superseded", error: REFUSAL });
      expect(await world.deadLetters()).toEqual([]);
      const { giveBack } = world.store.turns;
      await giveBack(running.lease, running.turn.id, { notBefore: world.now, now: world.now });
      expect(given((await world.claimTurns())[0]).draft).toBeUndefined();
    });
  });
}
