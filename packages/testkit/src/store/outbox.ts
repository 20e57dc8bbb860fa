/** Deliveries: queued, claimed, sent, tried again, given up. */
import type { DeliveryState } from "@switchboard/core/ports";
import { newId } from "@switchboard/domain";
import { describe, expect } from "vitest";
import {
  ACCOUNT,
  aDelivery,
  aLane,
  aSessionKey,
  CHANNEL,
  claimAs,
  conversation,
  DAY,
  HOUR,
  message,
  unique,
} from "../factories.ts";
import { conflict, lost } from "./expectations.ts";
import type { Suite } from "./suite.ts";
import { FAILURE, given, REFUSAL, SILENCE } from "./world.ts";

export function outboxContract({ alone, test }: Suite): void {
  describe("outbox", () => {
    test("keeps a delivery as it was queued", async (world) => {
      const delivery = aDelivery("c1", {
        priority: "high",
        session: aSessionKey(),
        turn: newId("turn"),
        event: newId("inbox"),
        edits: message("3"),
        causedAt: world.now - 700,
        kind: "notice",
        part: { payload: { text: "hé 👋", keys: [[1]] }, preview: "hé", editable: true },
      });
      const { claimed, existing, ids } = await world.post(delivery);
      expect({ claimed, existing, ids }).toEqual({ claimed: [], existing: false, ids: [delivery.id] });
      expect(await world.delivery(delivery.id)).toEqual({
        ...delivery,
        tenant: world.tenant,
        state: "queued",
        attempts: 0,
        createdAt: world.now,
        messageIds: [],
      });
    });

    test("Q-4 an idempotency key queues once and gives the earlier ids back", async (world) => {
      const idempotencyKey = unique("key");
      const post = (deliveries = [aDelivery("a"), aDelivery("b")]) =>
        world.store.outbox.enqueue(world.tenant, { deliveries, idempotencyKey, now: world.now, claim: claimAs() });
      const first = await post();
      expect(first).toMatchObject({ existing: false });
      expect(first.claimed).toHaveLength(2);
      expect(await post()).toEqual({ ids: first.ids, existing: true, claimed: [] });
      expect((await world.store.outbox.list(world.tenant, {})).rows).toHaveLength(2);
    });

    test("Q-4 DEV-10 an idempotency key does not stand for something else later", async (world) => {
      const idempotencyKey = unique("key");
      const post = (fingerprint: string) =>
        world.store.outbox.enqueue(world.tenant, {
          deliveries: [aDelivery()],
          idempotencyKey,
          fingerprint,
          now: world.now,
        });
      const first = await post("one");
      await expect(post("two")).rejects.toMatchObject({ code: "REQ_006" });
      expect(await post("one")).toMatchObject({ ids: first.ids, existing: true });
      expect((await world.store.outbox.list(world.tenant, {})).rows).toHaveLength(1);
    });

    test("Q-6 queues all or nothing", async (world) => {
      const known = aDelivery();
      await world.post(known);
      const idempotencyKey = unique("key");
      const input = { deliveries: [aDelivery("c2"), known], idempotencyKey, now: world.now };
      await expect(world.store.outbox.enqueue(world.tenant, input)).rejects.toMatchObject(conflict);
      expect((await world.store.outbox.list(world.tenant, {})).rows).toHaveLength(1);
      const again = await world.store.outbox.enqueue(world.tenant, { ...input, deliveries: [aDelivery("c2")] });
      expect(again.existing).toBe(false);
    });

    test("Q-5 sends one at a time within a lane, in order, and lanes side by side", async (world) => {
      const deliveries = [aDelivery("a"), aDelivery("a"), aDelivery("b"), aDelivery("a")];
      await world.post(...deliveries);
      const first = await world.claimDeliveries();
      expect(first.map(({ delivery }) => delivery.id)).toEqual([deliveries[0]?.id, deliveries[2]?.id]);
      expect(await world.claimDeliveries(10, "process-2")).toEqual([]);
      const { attempt, delivery, lease } = given(first[0]);
      const outcome = { state: "sent", receipt: { messageIds: [message("m1")] } } as const;
      const input = { now: world.now, next: claimAs() };
      const { next } = await world.store.outbox.settle(lease, delivery.id, given(attempt), outcome, input);
      expect(given(next).delivery.id).toBe(deliveries[1]?.id);
    });

    test("claims only what the account may send", async (world) => {
      const other = { channel: CHANNEL, account: "second" as never, lane: `${CHANNEL}/second/c1` };
      await world.post(aDelivery("c1"), aDelivery("c1", other));
      expect((await world.claimDeliveries()).map(({ delivery }) => delivery.account)).toEqual([ACCOUNT]);
    });

    test("Q-6 every attempt leaves a row, from its beginning on", async (world) => {
      const startedAt = world.now;
      const sending = await world.sending();
      const { id } = sending.delivery;
      const attempts = () => world.store.outbox.attempts(world.tenant, id);
      expect(sending.attempt).toBe(1);
      expect(await attempts()).toEqual([{ delivery: id, number: 1, startedAt, state: "sending" }]);
      world.now += 50;
      await world.sent(sending, "m1", "m2");
      expect(await attempts()).toEqual([
        { delivery: id, number: 1, startedAt, finishedAt: world.now, state: "sent", messageIds: ["m1", "m2"] },
      ]);
      expect(await world.delivery(id)).toMatchObject({ state: "sent", sentAt: world.now, messageIds: ["m1", "m2"] });
    });

    test("Q-3 a failed attempt blocks the lane until its time, and counts only when it is the message's fault", async (world) => {
      const first = await world.sending("c1");
      const { id } = first.delivery;
      await world.post(aDelivery("c1"));
      const retry = async (counts: boolean) => {
        const claimed = given((await world.claimDeliveries())[0]);
        expect(claimed.delivery.id).toBe(id);
        const outcome = { state: "retry", error: FAILURE, notBefore: world.now + 2_000, counts } as const;
        await world.store.outbox.settle(claimed.lease, id, given(claimed.attempt), outcome, { now: world.now });
        expect(await world.claimDeliveries()).toEqual([]);
        world.now += 2_000;
      };
      await world.store.outbox.giveBack(first.lease, id, { notBefore: world.now, now: world.now });
      await retry(true);
      await retry(false);
      await retry(true);
      expect(await world.delivery(id)).toMatchObject({ state: "queued", attempts: 2, error: FAILURE });
      const ledger = await world.store.outbox.attempts(world.tenant, id);
      expect(ledger.map(({ number, state, error }) => [number, state, error])).toEqual([
        [1, "failed", FAILURE],
        [2, "failed", FAILURE],
        [3, "failed", FAILURE],
      ]);
    });

    test("gives a claimed delivery back as if it had not been claimed", async (world) => {
      const sending = await world.sending();
      const { id } = sending.delivery;
      const notBefore = world.now + 500;
      await world.store.outbox.giveBack(sending.lease, id, { notBefore, now: world.now });
      expect(await world.store.outbox.attempts(world.tenant, id)).toEqual([]);
      expect(await world.delivery(id)).toMatchObject({ state: "queued", attempts: 0 });
      expect(await world.claimDeliveries()).toEqual([]);
      world.now = notBefore;
      expect(given((await world.claimDeliveries())[0]).attempt).toBe(1);
    });

    test("what is given back with a note says in its trace why it waits", async (world) => {
      const { delivery, lease } = await world.sending();
      const note = { step: "waiting-for-rate-limit", detail: { until: world.now + 500 } };
      const input = { notBefore: world.now + 500, now: world.now, note };
      await world.store.outbox.giveBack(lease, delivery.id, input);
      const notes = () => world.store.traces.notes(world.tenant, [delivery.id]);
      const expected = [{ subject: delivery.id, at: world.now, ...note }];
      expect(await notes()).toEqual(expected);
      await expect(world.store.outbox.giveBack(lease, delivery.id, input)).rejects.toMatchObject(lost);
      expect(await notes()).toEqual(expected);
    });

    test("Q-3 oc#24353 a delivery that can never arrive is buried and its lane goes on", async (world) => {
      const sending = await world.sending("c1");
      const behind = aDelivery("c1");
      await world.post(behind);
      await world.refused(sending);
      expect(await world.delivery(sending.delivery.id)).toMatchObject({ state: "dead", error: REFUSAL });
      expect(await world.deadLetters()).toMatchObject([
        {
          kind: "delivery",
          subject: sending.delivery.id,
          error: REFUSAL,
          preview: sending.delivery.part.preview,
          channel: CHANNEL,
          account: ACCOUNT,
        },
      ]);
      expect((await world.claimDeliveries()).map(({ delivery }) => delivery.id)).toEqual([behind.id]);
    });

    test("Q-6 settles a delivery once, and only the attempt that is under way", async (world) => {
      const sending = await world.sending();
      const { delivery, lease } = sending;
      const outcome = { state: "sent", receipt: { messageIds: [message("m1")] } } as const;
      const settle = (attempt: number) =>
        world.store.outbox.settle(lease, delivery.id, attempt, outcome, { now: world.now });
      await expect(settle(0)).rejects.toMatchObject(conflict);
      await expect(settle(2)).rejects.toMatchObject(conflict);
      await settle(1);
      await expect(settle(1)).rejects.toMatchObject(lost);
      const other = await world.sending("c2");
      await expect(
        world.store.outbox.settle(other.lease, delivery.id, 1, outcome, { now: world.now }),
      ).rejects.toMatchObject(conflict);
    });

    test("Q-6 oc#87178 an attempt without answer is unknown: reconciled as sent", async (world) => {
      const sending = await world.sending();
      const { id } = sending.delivery;
      await world.unanswered(sending);
      expect(await world.delivery(id)).toMatchObject({ state: "unknown", attempts: 1, error: SILENCE });
      const claimed = given((await world.claimDeliveries())[0]);
      expect(claimed.attempt).toBeUndefined();
      expect(claimed.delivery.state).toBe("unknown");
      expect(claimed.unknown).toMatchObject({ delivery: id, number: 1, state: "unknown", startedAt: world.now });
      await world.sent(claimed, "m1");
      expect(await world.delivery(id)).toMatchObject({ state: "sent", messageIds: ["m1"] });
      expect(await world.store.outbox.attempts(world.tenant, id)).toMatchObject([{ number: 1, state: "sent" }]);
    });

    test("Q-6 oc#87178 an unknown attempt is repeated with a note, or known to have failed", async (world) => {
      const sending = await world.sending();
      const { id } = sending.delivery;
      await world.unanswered(sending);
      const claimed = given((await world.claimDeliveries())[0]);
      const begin = (markedDuplicate: boolean) =>
        world.store.outbox.begin(claimed.lease, id, { now: world.now, markedDuplicate });
      expect(await begin(true)).toBe(2);
      await expect(begin(true)).rejects.toMatchObject(conflict);
      expect(await world.delivery(id)).toMatchObject({ state: "sending", markedDuplicate: true });
      await world.sent({ ...claimed, attempt: 2 }, "m2");
      expect(await world.delivery(id)).toMatchObject({ state: "sent", markedDuplicate: true, messageIds: ["m2"] });
      const ledger = await world.store.outbox.attempts(world.tenant, id);
      expect(ledger.map(({ state }) => state)).toEqual(["unknown", "sent"]);
    });

    test("Q-6 an unknown attempt that cannot be looked into stays as it is", async (world) => {
      const sending = await world.sending();
      const { id } = sending.delivery;
      await world.unanswered(sending);
      let claimed = given((await world.claimDeliveries())[0]);
      await world.store.outbox.giveBack(claimed.lease, id, { notBefore: world.now, now: world.now });
      claimed = given((await world.claimDeliveries())[0]);
      expect(claimed.unknown).toMatchObject({ number: 1 });
      const outcome = { state: "unknown", error: SILENCE, notBefore: world.now } as const;
      await world.store.outbox.settle(claimed.lease, id, 0, outcome, { now: world.now });
      expect(await world.delivery(id)).toMatchObject({ state: "unknown", attempts: 1 });
      claimed = given((await world.claimDeliveries())[0]);
      const gone = { state: "retry", error: FAILURE, notBefore: world.now, counts: true } as const;
      await world.store.outbox.settle(claimed.lease, id, 0, gone, { now: world.now });
      expect(await world.store.outbox.attempts(world.tenant, id)).toMatchObject([{ number: 1, state: "failed" }]);
      expect(given((await world.claimDeliveries())[0])).toMatchObject({ attempt: 2, delivery: { id } });
    });

    test("Q-6 a begun repetition that was not sent after all is unknown again", async (world) => {
      const sending = await world.sending();
      const { id } = sending.delivery;
      await world.unanswered(sending);
      const claimed = given((await world.claimDeliveries())[0]);
      await world.store.outbox.begin(claimed.lease, id, { now: world.now, markedDuplicate: true });
      await world.store.outbox.giveBack(claimed.lease, id, { notBefore: world.now, now: world.now });
      const again = given((await world.claimDeliveries())[0]);
      expect(again).toMatchObject({ unknown: { number: 1 }, delivery: { state: "unknown" } });
    });

    alone("Q-6 oc#87178 what was being sent when its process died is unknown, at no cost", async (world) => {
      const sending = await world.sending("c1");
      const edit = await world.sending("c2", { edits: message("5") });
      world.now += 60_001;
      expect(await world.store.upkeep.breakLeases({ now: world.now })).toBe(2);
      const { attempts } = world.store.outbox;
      expect(await world.delivery(sending.delivery.id)).toMatchObject({ state: "unknown", attempts: 0 });
      expect(await attempts(world.tenant, sending.delivery.id)).toMatchObject([
        { number: 1, state: "unknown", finishedAt: world.now, error: { code: "MSG_007" } },
      ]);
      // To repeat an edit does no harm.
      expect(await world.delivery(edit.delivery.id)).toMatchObject({ state: "queued", attempts: 0 });
      await expect(world.sent(sending)).rejects.toMatchObject(lost);
      const claimed = await world.claimDeliveries();
      expect(claimed.find(({ delivery }) => delivery.id === sending.delivery.id)).toMatchObject({
        unknown: { number: 1 },
      });
      expect(claimed.find(({ delivery }) => delivery.id === edit.delivery.id)).toMatchObject({ attempt: 2 });
      expect((await world.store.upkeep.stats(world.now)).unknown).toBe(1);
    });

    test("Q-2 a scheduled delivery waits outside its lane and is served first when due", async (world) => {
      const dueAt = world.now + HOUR;
      const later = aDelivery("c1", { dueAt, priority: "low", expiresAt: dueAt + DAY });
      const sooner = aDelivery("c1", { dueAt: dueAt - 1, priority: "low", expiresAt: dueAt + DAY });
      await world.post(later, sooner);
      expect(await world.delivery(later.id)).toMatchObject({ state: "scheduled", dueAt });
      expect(await world.claimDeliveries()).toEqual([]);
      const urgent = [aDelivery("c1", { priority: "critical" }), aDelivery("c2", { priority: "critical" })];
      await world.post(...urgent);
      world.now = dueAt;
      await world.store.upkeep.tick(world.now);
      const order: string[] = [];
      for (let [next] = await world.claimDeliveries(1); next; [next] = await world.claimDeliveries(1)) {
        order.push(next.delivery.id);
        await world.sent(next);
      }
      expect(order.slice(0, 2)).toEqual([sooner.id, later.id]);
      expect(order.slice(2).sort()).toEqual(urgent.map(({ id }) => id).sort());
    });

    test("Q-2 a delivery whose time is past is queued at once", async (world) => {
      const delivery = aDelivery("c1", { dueAt: world.now });
      await world.post(delivery);
      expect(await world.delivery(delivery.id)).toMatchObject({ state: "queued" });
    });

    test("Q-2 a promoted delivery does not disturb the one that is being sent", async (world) => {
      const scheduled = aDelivery("c1", { dueAt: world.now + 10 });
      await world.post(scheduled);
      const sending = await world.sending("c1");
      await world.post(aDelivery("c1"));
      world.now += 10;
      await world.store.upkeep.tick(world.now);
      const { attempt, delivery, lease } = sending;
      const outcome = { state: "retry", error: FAILURE, notBefore: world.now, counts: true } as const;
      const input = { now: world.now, next: claimAs() };
      const { next } = await world.store.outbox.settle(lease, delivery.id, given(attempt), outcome, input);
      expect(given(next).delivery.id).toBe(scheduled.id);
    });

    test("Q-2 oc#39138 what waited too long is never sent, and buried on the way", async (world) => {
      const stale = [1, 2, 3].map(() => aDelivery("c1", { expiresAt: world.now + HOUR }));
      const fresh = aDelivery("c1", { expiresAt: world.now + DAY });
      await world.post(...stale, fresh);
      world.now += HOUR;
      expect((await world.claimDeliveries()).map(({ delivery }) => delivery.id)).toEqual([fresh.id]);
      for (const { id } of stale) {
        expect(await world.delivery(id)).toMatchObject({ state: "expired", error: { code: "MSG_006" } });
        expect(await world.store.outbox.attempts(world.tenant, id)).toEqual([]);
      }
      expect(await world.deadLetters()).toMatchObject(
        stale.map(({ id }) => ({ subject: id, error: { code: "MSG_006", retryable: false } })).reverse(),
      );
    });

    test("oc#39138 lanes in which everything expired do not hide the others", async (world) => {
      for (const id of ["a", "b", "c"]) await world.post(aDelivery(id, { expiresAt: world.now + 1, priority: "high" }));
      const fresh = aDelivery("d");
      await world.post(fresh);
      world.now += 1;
      expect((await world.claimDeliveries(2)).map(({ delivery }) => delivery.id)).toEqual([fresh.id]);
    });

    test("oc#39138 a delivery that expired before it was queued is not sent either", async (world) => {
      const delivery = aDelivery("c1", { expiresAt: world.now });
      const input = { deliveries: [delivery], now: world.now, claim: claimAs() };
      expect((await world.store.outbox.enqueue(world.tenant, input)).claimed).toEqual([]);
      expect(await world.delivery(delivery.id)).toMatchObject({ state: "expired" });
    });

    test("cancels what is not being sent", async (world) => {
      const scheduled = aDelivery("c1", { dueAt: world.now + HOUR });
      const queued = aDelivery("c2");
      const behind = aDelivery("c2");
      await world.post(scheduled, queued, behind);
      const sending = await world.sending("c3");
      const { cancel } = world.store.outbox;
      expect(await cancel(world.tenant, scheduled.id, world.now)).toBe(true);
      expect(await cancel(world.tenant, queued.id, world.now)).toBe(true);
      expect(await cancel(world.tenant, queued.id, world.now)).toBe(false);
      expect(await cancel(world.tenant, sending.delivery.id, world.now)).toBe(false);
      expect(await cancel(world.tenant, newId("delivery"), world.now)).toBe(false);
      expect(await world.delivery(queued.id)).toMatchObject({ state: "cancelled" });
      expect((await world.claimDeliveries()).map(({ delivery }) => delivery.id)).toEqual([behind.id]);
      await world.sent(sending);
      expect(await cancel(world.tenant, sending.delivery.id, world.now)).toBe(false);
    });

    test("refuses a draft that is to be queued", async (world) => {
      await expect(world.post(aDelivery("c1", { kind: "draft" }))).rejects.toMatchObject({ code: "REQ_001" });
    });

    test("CH-2 knows which of our sends a platform message is, for good", async (world) => {
      const turn = newId("turn");
      const sending = await world.sending("c1", { session: aSessionKey("c1"), turn });
      await world.sent(sending, "m1", "m2");
      const where = { channel: CHANNEL, account: ACCOUNT, conversation: conversation("c1") };
      const find = (id: string, place: object = {}) =>
        world.store.outbox.sentMessage(world.tenant, { ...where, messageId: message(id), ...place });
      const known = { delivery: sending.delivery.id, session: aSessionKey("c1"), turn };
      expect([await find("m1"), await find("m2")]).toEqual([known, known]);
      expect(await find("m3")).toBeUndefined();
      expect(await find("m1", { conversation: conversation("c2") })).toBeUndefined();
      const edit = await world.sending("c1", { edits: message("m1") });
      await world.store.outbox.settle(
        edit.lease,
        edit.delivery.id,
        1,
        { state: "sent", receipt: { messageIds: [] } },
        { now: world.now },
      );
      expect(await find("m1")).toEqual({ delivery: edit.delivery.id });
      expect(await world.delivery(edit.delivery.id)).toMatchObject({ messageIds: ["m1"] });
    });

    test("follows a conversation that moved while it was written to", async (world) => {
      const sending = await world.sending("old");
      const behind = aDelivery("old");
      await world.post(behind);
      const receipt = { messageIds: [message("m1")], successor: conversation("new") };
      const input = { now: world.now, next: claimAs() };
      await world.store.outbox.settle(sending.lease, sending.delivery.id, 1, { state: "sent", receipt }, input);
      expect(await world.delivery(behind.id)).toMatchObject({
        target: { conversation: "new" },
        lane: aLane("new"),
      });
      expect((await world.claimDeliveries()).map(({ delivery }) => delivery.id)).toEqual([behind.id]);
      const where = { channel: CHANNEL, account: ACCOUNT, conversation: conversation("new"), messageId: message("m1") };
      expect(await world.store.outbox.sentMessage(world.tenant, where)).toEqual({ delivery: sending.delivery.id });
    });

    test("MSG-4 keeps the values of controls by token", async (world) => {
      const [a, b] = [unique("token"), unique("token")];
      await world.post(aDelivery("c1", { controlValues: { [a]: "a long value", [b]: "another" } }));
      await world.post(aDelivery("c2", { controlValues: { [a]: "a long value" } }));
      const { controlValue } = world.store.outbox;
      expect(await Promise.all([a, b, "unknown"].map((token) => controlValue(world.tenant, token)))).toEqual([
        "a long value",
        "another",
        undefined,
      ]);
    });

    test("lists by account, state, session, turn and event, newest first", async (world) => {
      const [turn, event] = [newId("turn"), newId("inbox")];
      const all = [
        aDelivery("a", { turn }),
        aDelivery("b", { turn }),
        aDelivery("c", { event }),
        aDelivery("d", { session: aSessionKey("d") }),
      ];
      await world.post(...all);
      await world.sent(given((await world.claimDeliveries(1))[0]));
      const list = async (filter: Parameters<typeof world.store.outbox.list>[1]) =>
        (await world.store.outbox.list(world.tenant, filter)).rows.map(({ id }) =>
          all.findIndex((each) => each.id === id),
        );
      expect(await list({ turn })).toEqual([1, 0]);
      expect(await list({ event })).toEqual([2]);
      expect(await list({ session: aSessionKey("d") })).toEqual([3]);
      expect(await list({ states: ["sent", "dead"] satisfies DeliveryState[] })).toHaveLength(1);
      expect(await list({ channel: CHANNEL, account: ACCOUNT, states: ["queued"] })).toHaveLength(3);
      const first = await world.store.outbox.list(world.tenant, { turn, limit: 1 });
      expect(first.cursor).toBeDefined();
      expect(await list({ turn, limit: 1, ...(first.cursor && { cursor: first.cursor }) })).toEqual([0]);
    });
  });
}
