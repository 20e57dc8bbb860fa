/** What platforms say of a message after they took it. */
import type { Receipt } from "@switchboard/core/ports";
import { describe, expect } from "vitest";
import { ACCOUNT, CHANNEL, conversation, message } from "../factories.ts";
import type { Suite } from "./suite.ts";
import { given, type World } from "./world.ts";

function tell(world: World, status: Receipt["status"], id: string, reason?: string): Promise<void> {
  return world.store.outbox.receipt(world.tenant, {
    channel: CHANNEL,
    account: ACCOUNT,
    conversation: conversation("c1"),
    messageIds: [message(id)],
    status,
    at: world.now,
    ...(reason !== undefined && { reason }),
  });
}

export function receiptsContract({ test }: Suite): void {
  describe("receipts", () => {
    test("Q-4 move a delivery forward: sent, delivered, read", async (world) => {
      const sending = await world.sending("c1");
      await world.sent(sending, "m1");
      const sentAt = world.now;
      world.now += 1;
      const deliveredAt = world.now;
      await tell(world, "delivered", "m1");
      expect(await world.delivery(sending.delivery.id)).toMatchObject({ state: "delivered", sentAt, deliveredAt });
      world.now += 1;
      await tell(world, "read", "m1");
      const read = await world.delivery(sending.delivery.id);
      expect(read).toMatchObject({ state: "read", sentAt, deliveredAt, readAt: world.now });
      world.now += 1;
      for (const status of ["delivered", "read", "failed"] as const) await tell(world, status, "m1");
      expect(await world.delivery(sending.delivery.id)).toEqual(read);
      expect(await world.deadLetters()).toEqual([]);
    });

    test("Q-3 a message that failed on its way is dead, with the platform's reason", async (world) => {
      const sending = await world.sending("c1");
      await world.sent(sending, "m1");
      await tell(world, "failed", "m1", "number not in service");
      const error = { code: "MSG_002", message: "number not in service", retryable: false };
      expect(await world.delivery(sending.delivery.id)).toMatchObject({ state: "dead", error });
      expect(await world.deadLetters()).toMatchObject([{ subject: sending.delivery.id, error }]);
    });

    test("Q-4 count also when they come before the send was recorded", async (world) => {
      const sending = await world.sending("c1");
      for (const status of ["delivered", "read"] as const) await tell(world, status, "m1");
      expect(await world.delivery(sending.delivery.id)).toMatchObject({ state: "sending" });
      await world.sent(sending, "m1");
      expect(await world.delivery(sending.delivery.id)).toMatchObject({ state: "read", readAt: world.now });
      const failing = await world.sending("c1");
      await tell(world, "failed", "m2", "blocked");
      await world.sent(failing, "m2");
      expect(await world.delivery(failing.delivery.id)).toMatchObject({ state: "dead", error: { message: "blocked" } });
    });

    test("of messages that are not ours change nothing", async (world) => {
      const sending = await world.sending("c1");
      await tell(world, "read", "not-ours");
      await world.sent(sending, "m1");
      expect(await world.delivery(sending.delivery.id)).toMatchObject({ state: "sent" });
    });

    test("reach a delivery through an event's effect", async (world) => {
      const sending = await world.sending("c1");
      await world.sent(sending, "m1");
      const receipt = {
        channel: CHANNEL,
        account: ACCOUNT,
        conversation: conversation("c1"),
        messageIds: [message("m1")],
        status: "delivered",
        at: world.now,
      } as const;
      await world.apply({ type: "receipt", receipt });
      expect(given(await world.store.outbox.get(world.tenant, sending.delivery.id)).state).toBe("delivered");
    });
  });
}
