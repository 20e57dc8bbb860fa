/** Requests to be let in: how many there may be, who is told, and what an approval grants. */
import type { AuditEntry, PairingRequest } from "@switchboard/core/ports";
import { type AccountId, type AccountRef, type InboxId, newId, type PeerId, type TenantId } from "@switchboard/domain";
import { describe, expect } from "vitest";
import { ACCOUNT, aDelivery, aPlace, aTarget, CHANNEL, claimAs, DAY, HOUR, unique } from "../factories.ts";
import type { Suite } from "./suite.ts";
import { given, World } from "./world.ts";

const MOST = 3;
const OTHER = "other" as AccountId;

const audit = (action: string): AuditEntry => ({ at: 1, actor: "operator:1", action, subject: "s", outcome: "ok" });

function refOf(world: World, account: AccountId = ACCOUNT): AccountRef {
  return { tenant: world.tenant, channel: CHANNEL, account };
}

function aRequest(world: World, sender: string, changes: Partial<PairingRequest> = {}): PairingRequest {
  return {
    channel: CHANNEL,
    account: ACCOUNT,
    sender: sender as PeerId,
    id: unique(`request-of-${sender}`),
    code: unique("CODE"),
    label: `The ${sender}`,
    target: aTarget(sender),
    createdAt: world.now,
    lastSeenAt: world.now,
    expiresAt: world.now + HOUR,
    ...changes,
  };
}

/** Asks as the inbox does. True when the request's delivery was queued. */
async function ask(world: World, request: PairingRequest, claim = false): Promise<boolean> {
  const delivery = aDelivery(request.sender);
  const { claimedDeliveries } = await world.settle(await world.receive(request.sender), {
    state: "denied",
    effects: [
      {
        type: "pairing-request",
        request,
        most: MOST,
        deliveries: [delivery],
        ...(claim && { claim: claimAs() }),
      },
    ],
  });
  const queued = (await world.store.outbox.get(world.tenant, delivery.id)) !== undefined;
  expect(claimedDeliveries.map((each) => each.delivery.id)).toEqual(queued && claim ? [delivery.id] : []);
  return queued;
}

async function sendersOf(world: World, account: AccountId = ACCOUNT): Promise<string[]> {
  const requests = await world.store.pairing.list(world.tenant, { channel: CHANNEL, account });
  return requests.map(({ sender }) => sender);
}

const approval = (world: World, changes: object = {}) => ({
  now: world.now,
  grantedBy: "operator:1",
  owner: false,
  audit: audit("pairing.approved"),
  deliveries: [],
  ...changes,
});

export function pairingContract({ alone, test }: Suite): void {
  describe("pairing", () => {
    test("ACC-2 a new request is stored with its reply; who waits already is only seen again", async (world) => {
      const request = aRequest(world, "ann", { username: "ann" });
      expect(await ask(world, request, true)).toBe(true);
      expect(await world.store.pairing.list(world.tenant, {})).toEqual([request]);
      world.now += 5;
      expect(await ask(world, aRequest(world, "ann", { label: "Another" }))).toBe(false);
      world.now += 5;
      const { account, channel, sender } = request;
      await world.apply({ type: "pairing-seen", channel, account, sender, at: world.now });
      await world.apply({ type: "pairing-seen", channel, account, sender: "nobody" as PeerId, at: world.now });
      await world.apply({ type: "pairing-seen", channel, account, sender, at: world.now - 7 });
      expect(await world.store.pairing.list(world.tenant, {})).toEqual([{ ...request, lastSeenAt: world.now }]);
    });

    test("ACC-2 of strangers that write at one moment no more get a code than may wait", async (world) => {
      const people = Array.from({ length: 8 }, (_, index) => `stranger-${index}`);
      const told = await Promise.all(people.map((each) => ask(world, aRequest(world, each))));
      expect(told.filter(Boolean)).toHaveLength(MOST);
      expect(await sendersOf(world)).toEqual(people.filter((_, index) => told[index]));
      // Another account has room of its own.
      expect(await ask(world, aRequest(world, "stranger-7", { account: OTHER }))).toBe(true);
    });

    test("ACC-2 a place is free when a request ends: by its time, by approval, by dismissal", async (world) => {
      const [a, b, c] = ["a", "b", "c"].map((each) => aRequest(world, each));
      const { pairing } = world.store;
      for (const each of [a, b, c]) expect(await ask(world, given(each))).toBe(true);
      expect(await ask(world, aRequest(world, "d"))).toBe(false);
      await pairing.dismiss(refOf(world), given(a).id, { now: world.now, audit: audit("pairing.dismissed") });
      expect(await ask(world, aRequest(world, "d"))).toBe(true);
      await pairing.approve(refOf(world), given(b).id, approval(world));
      expect(await ask(world, aRequest(world, "e"))).toBe(true);
      expect(await ask(world, aRequest(world, "f"))).toBe(false);
      world.now += HOUR - 1;
      expect(await ask(world, aRequest(world, "f"))).toBe(false);
      world.now += 1;
      expect(await ask(world, aRequest(world, "f"))).toBe(true);
      // Whose request is over may ask anew, and gets another code.
      const again = aRequest(world, "d");
      expect(await ask(world, again)).toBe(true);
      const requests = await pairing.list(world.tenant, {});
      expect(requests.filter(({ sender }) => sender === "d")).toEqual([again]);
    });

    test("ACC-2 no code stands for two people of a channel, on whichever accounts", async (world) => {
      expect(await ask(world, aRequest(world, "a", { code: "SAME" }))).toBe(true);
      expect(await ask(world, aRequest(world, "b", { code: "SAME" }))).toBe(false);
      expect(await ask(world, aRequest(world, "b", { code: "SAME", account: OTHER }))).toBe(false);
      expect(await ask(world, aRequest(world, "a", { code: "SAME", account: OTHER }))).toBe(false);
      expect(await ask(world, aRequest(world, "b", { code: "ELSE" }))).toBe(true);
    });

    test("ACC-3 an approval grants dm on exactly that account, once, and nothing else", async (world) => {
      const request = aRequest(world, "ann");
      await ask(world, request);
      await ask(world, aRequest(world, "ann", { account: OTHER, code: "OTHER" }));
      const { accounts, pairing } = world.store;
      expect(await pairing.approve(refOf(world, OTHER), request.id, approval(world))).toBeUndefined();
      const delivery = aDelivery("elsewhere");
      const input = approval(world, { deliveries: [delivery], claim: claimAs() });
      const approved = await Promise.all([1, 2, 3].map(() => pairing.approve(refOf(world), request.id, input)));
      const [done, ...others] = approved.filter((each) => each !== undefined);
      expect(others).toEqual([]);
      expect(done).toMatchObject({ request, owner: false, claimed: [{ delivery: { id: delivery.id } }] });
      const grant = { channel: CHANNEL, account: ACCOUNT, authority: "dm", subject: "ann" };
      expect(await accounts.grants(refOf(world))).toEqual([
        { ...grant, grantedAt: world.now, grantedBy: "operator:1" },
      ]);
      expect(await accounts.grants(refOf(world, OTHER))).toEqual([]);
      expect([await sendersOf(world), await sendersOf(world, OTHER)]).toEqual([[], ["ann"]]);
      const { rows } = await world.store.audit.list(world.tenant, {});
      expect(rows.map(({ action }) => action)).toEqual(["pairing.approved"]);
    });

    test("ACC-3 of several approved at once, one becomes the owner", async (world) => {
      const requests = ["a", "b", "c"].map((each) => aRequest(world, each));
      for (const each of requests) await ask(world, each);
      const { accounts, pairing } = world.store;
      const input = approval(world, { owner: true });
      const done = await Promise.all(requests.map(({ id }) => pairing.approve(refOf(world), id, input)));
      const owners = done.filter((each) => each?.owner).map((each) => each?.request.sender);
      expect(owners).toHaveLength(1);
      const grants = await accounts.grants(refOf(world));
      expect(grants.filter(({ authority }) => authority === "command").map(({ subject }) => subject)).toEqual(owners);
      expect(grants.filter(({ authority }) => authority === "dm")).toHaveLength(3);
    });

    test("ACC-3 an event that is worked on again decides nothing twice, and is told what it decided", async (world) => {
      const [ann, bob] = [aRequest(world, "ann"), aRequest(world, "bob")];
      for (const each of [ann, bob]) await ask(world, each);
      const { accounts, audit: log, outbox, pairing } = world.store;
      const cause = { event: newId("inbox"), expiresAt: world.now + HOUR };
      const deliveries = () => [aDelivery("elsewhere")];
      const input = (changes: object) => approval(world, { cause, deliveries: deliveries(), ...changes });
      const dismissal = { now: world.now, audit: audit("pairing.dismissed"), cause };
      expect(await pairing.decidedBy(refOf(world), cause.event)).toEqual([]);
      const approved = { request: ann, owner: true, repeated: false };
      expect(await pairing.approve(refOf(world), ann.id, input({ owner: true }))).toMatchObject(approved);
      const again = { ...approved, repeated: true, claimed: [] };
      expect(await pairing.approve(refOf(world), ann.id, input({ claim: claimAs() }))).toEqual(again);
      expect(await pairing.dismiss(refOf(world), bob.id, dismissal)).toEqual(bob);
      expect(await pairing.dismiss(refOf(world), bob.id, dismissal)).toEqual(bob);
      expect((await outbox.list(world.tenant, {})).rows).toHaveLength(3);
      const { rows } = await log.list(world.tenant, {});
      expect(rows.map(({ action }) => action)).toEqual(["pairing.dismissed", "pairing.approved"]);
      expect(await accounts.grants(refOf(world))).toHaveLength(2);
      const decided = await pairing.decidedBy(refOf(world), cause.event);
      expect(decided).toHaveLength(2);
      expect(decided).toEqual(
        expect.arrayContaining([
          { request: ann, decision: "approved" },
          { request: bob, decision: "dismissed" },
        ]),
      );
      // Not another event's, another account's, nor the other decision.
      const other = { ...cause, event: newId("inbox") };
      expect(await pairing.approve(refOf(world), ann.id, approval(world, { cause: other }))).toBeUndefined();
      expect(await pairing.approve(refOf(world, OTHER), ann.id, approval(world, { cause }))).toBeUndefined();
      expect(await pairing.dismiss(refOf(world), ann.id, dismissal)).toBeUndefined();
      expect(await pairing.decidedBy(refOf(world, OTHER), cause.event)).toEqual([]);
      expect(await pairing.decidedBy(refOf(world), other.event)).toEqual([]);
    });

    alone("ACC-3 what an event decided is forgotten when the event is over, and with the account", async (world) => {
      const { accounts, pairing } = world.store;
      for (const account of [ACCOUNT, OTHER]) {
        const row = { ...refOf(world, account), source: "store", enabled: true, config: {}, settings: {} } as const;
        await accounts.put(row, world.now);
        const request = aRequest(world, "ann", { account });
        await ask(world, request);
        const cause = { event: `event-of-${account}` as InboxId, expiresAt: world.now + HOUR };
        await pairing.approve(refOf(world, account), request.id, approval(world, { cause }));
      }
      const known = async () => {
        const found = [ACCOUNT, OTHER].map((each) =>
          pairing.decidedBy(refOf(world, each), `event-of-${each}` as InboxId),
        );
        return (await Promise.all(found)).map(({ length }) => length);
      };
      expect(await known()).toEqual([1, 1]);
      await accounts.remove(refOf(world));
      expect(await known()).toEqual([0, 1]);
      expect(await pairing.prune(world.now + HOUR)).toBe(0);
      expect(await pairing.prune(world.now + HOUR + 1)).toBe(1);
      expect(await known()).toEqual([0, 0]);
    });

    test("ACC-2 what expired can be neither approved nor dismissed, and is deleted later", async (world) => {
      const request = aRequest(world, "ann");
      await ask(world, request);
      const { accounts, pairing } = world.store;
      world.now += HOUR;
      expect(await pairing.approve(refOf(world), request.id, approval(world))).toBeUndefined();
      const dismissal = { now: world.now, audit: audit("pairing.dismissed") };
      expect(await pairing.dismiss(refOf(world), request.id, dismissal)).toBeUndefined();
      expect(await accounts.grants(refOf(world))).toEqual([]);
      expect((await world.store.audit.list(world.tenant, {})).rows).toEqual([]);
      // Until then it is known what the code was.
      expect(await pairing.list(world.tenant, {})).toEqual([request]);
    });

    alone("ACC-2 pruning deletes what expired before then, of every tenant", async (world) => {
      const other = new World(world.store, "another" as TenantId);
      await ask(world, aRequest(world, "old"));
      await ask(other, aRequest(other, "old"));
      world.now += DAY;
      await ask(world, aRequest(world, "new"));
      expect(await world.store.pairing.prune(world.now)).toBe(2);
      expect(await world.store.pairing.prune(world.now)).toBe(0);
      expect([await sendersOf(world), await sendersOf(other)]).toEqual([["new"], []]);
    });

    test("TEN-8 removing an account wipes its requests, and no other account's", async (world) => {
      const { accounts } = world.store;
      for (const account of [ACCOUNT, OTHER]) {
        const row = { ...refOf(world, account), source: "store", enabled: true, config: {}, settings: {} } as const;
        await accounts.put(row, world.now);
        await ask(world, aRequest(world, "ann", { account }));
      }
      await accounts.remove(refOf(world));
      expect([await sendersOf(world), await sendersOf(world, OTHER)]).toEqual([[], ["ann"]]);
    });

    alone("TEN-2 tenants share neither requests nor codes nor places", async ({ store }, opened) => {
      const worlds = ["one", "two"].map((tenant) => new World(store, tenant as TenantId));
      for (const world of worlds) {
        for (const each of ["a", "b", "c"]) {
          expect(await ask(world, aRequest(world, each, { id: each, code: each }))).toBe(true);
        }
      }
      const [one, two] = worlds.map(given);
      if (!one || !two) return;
      await store.pairing.approve(refOf(one), "a", approval(one));
      await store.pairing.dismiss(refOf(one), "b", { now: one.now, audit: audit("pairing.dismissed") });
      expect(await store.accounts.grants(refOf(two))).toEqual([]);
      const after = await opened.reopen();
      expect([await sendersOf(one.in(after)), await sendersOf(two.in(after))]).toEqual([["c"], ["a", "b", "c"]]);
    });

    test("ACC-1 finds the direct chat with somebody that was active last", async (world) => {
      const { sessions } = world.store;
      const where = { channel: CHANNEL, account: ACCOUNT, peer: "ann" as PeerId };
      expect(await sessions.directWith(world.tenant, where)).toBeUndefined();
      const place = (id: string, changes: object) => aPlace(id, { target: aTarget("ann"), ...changes });
      await world.enqueue("ann", { session: place("ann", {}) });
      world.now += 1;
      const latest = place("elsewhere", {});
      await world.enqueue("elsewhere", { session: latest });
      world.now += 1;
      await world.enqueue("bob");
      await world.enqueue("group", { session: place("group", { kind: "group" }) });
      await world.enqueue("other", { session: place("other", { account: OTHER }) });
      expect(await sessions.directWith(world.tenant, where)).toMatchObject({ key: latest.key, target: latest.target });
    });
  });
}
