/** Accounts, authorities, audit and traces: what is written down and read again. */
import { type AccountRef, newId, type PeerId } from "@switchboard/domain";
import { describe, expect } from "vitest";
import { ACCOUNT, CHANNEL } from "../factories.ts";
import type { Suite } from "./suite.ts";
import type { World } from "./world.ts";

function refOf(world: World, account = ACCOUNT as string): AccountRef {
  return { tenant: world.tenant, channel: CHANNEL, account: account as AccountRef["account"] };
}

export function recordsContract({ alone, test }: Suite): void {
  describe("accounts", () => {
    test("CRED-1 keeps an account's settings and its sealed secrets", async (world) => {
      const ref = refOf(world);
      const account = {
        ...ref,
        source: "store",
        enabled: true,
        config: { url: "http://127.0.0.1" },
        sealed: "v1:abc",
        settings: { dmPolicy: "open" },
      } as const;
      const { accounts } = world.store;
      expect(await accounts.get(ref)).toBeUndefined();
      await accounts.put(account, world.now);
      const createdAt = world.now;
      expect(await accounts.get(ref)).toEqual({ ...account, createdAt, updatedAt: createdAt, revision: 1 });
      await accounts.setSelf(ref, { id: "bot" as never, username: "bot" });
      world.now += 5;
      const { sealed: _, ...open } = account;
      await accounts.put({ ...open, enabled: false }, world.now);
      expect(await accounts.get(ref)).toEqual({
        ...open,
        enabled: false,
        self: { id: "bot", username: "bot" },
        createdAt,
        updatedAt: world.now,
        revision: 2,
      });
      await expect(accounts.setSelf(refOf(world, "other"), { id: "x" as never })).rejects.toMatchObject({
        code: "CFG_003",
      });
    });

    test("TEN-8 turning an account on changes nothing else, and makes none that was removed", async (world) => {
      const ref = refOf(world);
      const { accounts } = world.store;
      const account = { ...ref, source: "store", enabled: true, config: { a: 1 }, settings: { b: 2 } } as const;
      await accounts.put({ ...account, sealed: "s" }, world.now);
      await accounts.setSelf(ref, { id: "7" as PeerId });
      await accounts.logOut(ref, world.now);
      const on = await accounts.setEnabled(ref, true, world.now);
      expect(on).toMatchObject({ enabled: true, config: { a: 1 }, settings: { b: 2 } });
      expect([on?.sealed, on?.self]).toEqual([undefined, undefined]);
      expect(await accounts.get(ref)).toEqual(on);
      await accounts.remove(ref);
      expect(await accounts.setEnabled(ref, true, world.now)).toBeUndefined();
      expect(await accounts.get(ref)).toBeUndefined();
    });

    test("TEN-7 a change that rests on an older state of an account is refused", async (world) => {
      const ref = refOf(world);
      const { accounts } = world.store;
      const account = { ...ref, source: "store", enabled: true, config: {}, settings: {} } as const;
      const first = await accounts.put(account, world.now, { known: 0 });
      const conflict = { code: "REQ_004" };
      await expect(accounts.put({ ...account, config: { b: 1 } }, world.now, { known: 0 })).rejects.toMatchObject(
        conflict,
      );
      const second = await accounts.put({ ...account, sealed: "s" }, world.now, { known: first });
      const outline = { ...ref, createdAt: world.now, revision: second };
      expect((await accounts.outlines()).filter(({ tenant }) => tenant === ref.tenant)).toEqual([outline]);
      expect(second).not.toBe(first);
      await accounts.logOut(ref, world.now);
      await expect(accounts.put({ ...account, sealed: "s" }, world.now, { known: second })).rejects.toMatchObject(
        conflict,
      );
      expect((await accounts.get(ref))?.sealed).toBeUndefined();
      const off = await accounts.get(ref);
      expect((await accounts.setEnabled(ref, true, world.now))?.revision).not.toBe(off?.revision);
    });

    test("TEN-7 an account has one owner at a time, until it is given back, lost or free", async (world) => {
      const { accounts } = world.store;
      const [ref, other] = [refOf(world), refOf(world, "other")];
      const account = { source: "store", enabled: true, config: {}, settings: {} } as const;
      const node = (owner: string) => ({ owner: `${owner}/${world.tenant}`, leaseMs: 1_000, now: world.now });
      expect(await accounts.claim(ref, node("a"))).toBeUndefined();
      for (const each of [ref, other]) await accounts.put({ ...account, ...each }, world.now);
      const mine = async () => (await accounts.vacant(world.now)).filter(({ tenant }) => tenant === world.tenant);
      expect(await mine()).toHaveLength(2);
      const first = (await accounts.claim(ref, node("a"))) ?? 0;
      expect(await accounts.claim(ref, node("b"))).toBeUndefined();
      expect(await mine()).toEqual([other]);
      expect(await accounts.claim(ref, node("a"))).toBe(first + 1);

      await accounts.report(ref, node("b").owner, { state: "CONNECTED" });
      expect(await accounts.holder(ref, world.now)).toEqual({ owner: node("a").owner });
      await accounts.report(ref, node("a").owner, { state: "CONNECTED" });
      expect(await accounts.holder(ref, world.now)).toEqual({ owner: node("a").owner, status: { state: "CONNECTED" } });

      world.now += 900;
      expect(await accounts.keep(node("a"))).toEqual([ref]);
      world.now += 900;
      expect(await accounts.claim(ref, node("b"))).toBeUndefined();
      world.now += 200;
      expect(await accounts.holder(ref, world.now)).toBeUndefined();
      expect(await accounts.claim(ref, node("b"))).toBe(first + 2);
      expect(await accounts.holder(ref, world.now)).toEqual({ owner: node("b").owner });
      expect(await accounts.keep(node("a"))).toEqual([]);

      await accounts.release(ref, node("a").owner);
      expect(await accounts.holder(ref, world.now)).toEqual({ owner: node("b").owner });
      await accounts.release(ref, node("b").owner);
      expect(await accounts.holder(ref, world.now)).toBeUndefined();
      await accounts.setEnabled(ref, false, world.now);
      expect(await mine()).toEqual([other]);
      expect(await accounts.claim(ref, node("a"))).toBeUndefined();
    });

    alone("TEN-7 a node that is the only one frees what the others had", async (world) => {
      const { accounts } = world.store;
      const ref = refOf(world);
      await accounts.put({ ...ref, source: "store", enabled: true, config: {}, settings: {} }, world.now);
      const node = (owner: string) => ({ owner, leaseMs: 1_000, now: world.now });
      await accounts.claim(ref, node("dead"));
      await accounts.freeAll("dead");
      expect(await accounts.claim(ref, node("new"))).toBeUndefined();
      await accounts.freeAll("new");
      expect(await accounts.claim(ref, node("new"))).toBeGreaterThan(0);
    });

    test("TEN-8 removing an account wipes its secrets, memory and authorities", async (world) => {
      const ref = refOf(world);
      const { accounts } = world.store;
      const account = { ...ref, source: "store", enabled: true, config: {}, settings: {}, sealed: "s" } as const;
      await accounts.put(account, world.now);
      await accounts.memorySet(ref, "offset", "5");
      const grant = { channel: CHANNEL, account: ACCOUNT, authority: "dm", subject: "42" } as const;
      await accounts.grant(world.tenant, { ...grant, grantedAt: world.now, grantedBy: "operator:1" });
      const generation = await accounts.nextGeneration(ref);
      expect(await accounts.remove(ref)).toBe(true);
      expect(await accounts.remove(ref)).toBe(false);
      expect(await accounts.get(ref)).toBeUndefined();
      await accounts.put(account, world.now);
      expect(await accounts.memoryGet(ref, "offset", world.now)).toBeUndefined();
      expect(await accounts.grants(ref)).toEqual([]);
      expect(await accounts.nextGeneration(ref)).toBeGreaterThan(generation);
    });

    test("TEN-8 logging an account out wipes its secrets, memory and identity, and nothing else", async (world) => {
      const ref = refOf(world);
      const other = refOf(world, "other");
      const { accounts } = world.store;
      const account = { source: "store", enabled: true, config: { a: 1 }, settings: { b: 2 }, sealed: "s" } as const;
      for (const each of [ref, other]) {
        await accounts.put({ ...account, ...each }, world.now);
        await accounts.memorySet(each, "offset", "5");
        await accounts.setSelf(each, { id: "7" as PeerId });
      }
      const grant = { channel: CHANNEL, account: ACCOUNT, authority: "dm", subject: "42" } as const;
      await accounts.grant(world.tenant, { ...grant, grantedAt: world.now, grantedBy: "operator:1" });
      expect(await accounts.logOut(ref, world.now)).toBe(true);
      expect(await accounts.logOut(ref, world.now)).toBe(false);
      const after = await accounts.get(ref);
      expect(after).toMatchObject({ enabled: false, config: { a: 1 }, settings: { b: 2 } });
      expect([after?.sealed, after?.self]).toEqual([undefined, undefined]);
      expect(await accounts.memoryGet(ref, "offset", world.now)).toBeUndefined();
      expect(await accounts.grants(ref)).toHaveLength(1);
      expect(await accounts.get(other)).toMatchObject({ enabled: true, sealed: "s", self: { id: "7" } });
      expect(await accounts.memoryGet(other, "offset", world.now)).toBe("5");
      expect(await accounts.logOut(refOf(world, "nobody"), world.now)).toBe(false);
    });

    alone("oc#50913 every start of an account has a number of its own, also over restarts", async (world, opened) => {
      const first = await world.store.accounts.nextGeneration(refOf(world));
      expect(await world.store.accounts.nextGeneration(refOf(world))).toBeGreaterThan(first);
      expect(await world.store.accounts.nextGeneration(refOf(world, "other"))).toBe(first);
      const after = await opened.reopen();
      expect(await after.accounts.nextGeneration(refOf(world))).toBe(first + 2);
    });

    test("keeps small values of an account", async (world) => {
      const { memoryGet, memorySet } = world.store.accounts;
      await memorySet(refOf(world), "offset", "1");
      await memorySet(refOf(world), "offset", "2");
      await memorySet(refOf(world, "other"), "offset", "9");
      expect(await memoryGet(refOf(world), "offset", world.now)).toBe("2");
      expect(await memoryGet(refOf(world), "unknown", world.now)).toBeUndefined();
    });

    test("forgets an account's small value when it has expired or is removed", async (world) => {
      const { memoryGet, memoryPrune, memoryRemove, memorySet } = world.store.accounts;
      const [ref, other] = [refOf(world), refOf(world, "other")];
      const at = (key: string, now: number) => memoryGet(ref, key, now);
      await memorySet(ref, "short", "a", world.now + 10);
      await memorySet(ref, "long", "b", world.now + 1_000);
      await memorySet(ref, "always", "c");
      await memorySet(other, "short", "d", world.now + 20);
      expect([await at("short", world.now + 9), await at("short", world.now + 10)]).toEqual(["a", undefined]);
      expect(await memoryPrune(world.now + 10)).toBe(1);
      expect(await memoryPrune(world.now + 10)).toBe(0);
      expect([await at("short", world.now), await at("long", world.now), await at("always", world.now)]).toEqual([
        undefined,
        "b",
        "c",
      ]);
      await memorySet(ref, "long", "kept");
      await memoryRemove(ref, "always");
      expect(await memoryPrune(world.now + 100_000)).toBe(1);
      expect([await at("long", world.now + 200_000), await at("always", world.now)]).toEqual(["kept", undefined]);
      expect(await memoryGet(other, "short", world.now)).toBeUndefined();
    });

    test("CRED-2 changes small values together, and only if they are as expected", async (world) => {
      const { memoryGet, memorySwap } = world.store.accounts;
      const ref = refOf(world);
      const values = async () => [await memoryGet(ref, "a", world.now), await memoryGet(ref, "b", world.now)];
      const first = await memorySwap(ref, [{ key: "a", to: "1", expiresAt: world.now + 10 }], world.now);
      expect([first, await memorySwap(ref, [{ key: "a", to: "2" }], world.now)]).toEqual([true, false]);
      const both = [
        { key: "b", to: "3" },
        { key: "a", from: "2", to: "3" },
      ];
      expect(await memorySwap(ref, both, world.now)).toBe(false);
      expect(await values()).toEqual(["1", undefined]);
      expect(
        await memorySwap(
          ref,
          [
            { key: "b", to: "4" },
            { key: "a", from: "1" },
          ],
          world.now,
        ),
      ).toBe(true);
      expect(await values()).toEqual([undefined, "4"]);
      await memorySwap(ref, [{ key: "a", to: "5", expiresAt: world.now + 10 }], world.now);
      // What has expired is nothing.
      world.now += 10;
      expect(await memorySwap(ref, [{ key: "a", from: "5", to: "6" }], world.now)).toBe(false);
      const swaps = ["x", "y", "z"].map((to) => memorySwap(ref, [{ key: "a", to }], world.now));
      expect((await Promise.all(swaps)).filter((done) => done)).toHaveLength(1);
      expect(await memoryGet(refOf(world, "other"), "a", world.now)).toBeUndefined();
    });

    test("ACC-4 holding one authority implies no other, nor on another account", async (world) => {
      const { grant, grants, revoke } = world.store.accounts;
      const given = {
        channel: CHANNEL,
        account: ACCOUNT,
        subject: "42",
        grantedAt: world.now,
        grantedBy: "operator:1",
      };
      await grant(world.tenant, { ...given, authority: "dm" });
      await grant(world.tenant, { ...given, authority: "dm", grantedBy: "operator:2" });
      await grant(world.tenant, { ...given, authority: "group", subject: "g1" });
      expect(await grants(refOf(world))).toEqual([
        { ...given, authority: "dm", grantedBy: "operator:2" },
        { ...given, authority: "group", subject: "g1" },
      ]);
      expect(await grants(refOf(world, "other"))).toEqual([]);
      expect(await revoke(refOf(world), "admin", "42")).toBe(false);
      expect(await revoke(refOf(world), "dm", "42")).toBe(true);
      expect(await revoke(refOf(world), "dm", "42")).toBe(false);
      expect((await grants(refOf(world))).map(({ authority }) => authority)).toEqual(["group"]);
    });

    alone("lists a tenant's accounts, and everybody's for start-up", async (world) => {
      const { accounts } = world.store;
      for (const tenant of ["one", "two"]) {
        for (const account of ["a", "b"]) {
          const ref = { tenant, channel: CHANNEL, account } as AccountRef;
          await accounts.put({ ...ref, source: "config", enabled: true, config: {}, settings: {} }, world.now);
        }
      }
      expect((await accounts.list("one" as never)).map(({ account }) => account)).toEqual(["a", "b"]);
      expect(await accounts.all()).toHaveLength(4);
    });
  });

  describe("audit and traces", () => {
    test("OPS-4 lists audit entries newest first, by action, page by page", async (world) => {
      const entry = { actor: "system", subject: "s", outcome: "ok", detail: { n: 1 } } as const;
      for (const action of ["a.x", "b.x", "a.x", "a.x"]) {
        world.now += 1;
        await world.store.audit.append(world.tenant, { ...entry, action, at: world.now });
      }
      const { list } = world.store.audit;
      const first = await list(world.tenant, { action: "a.x", limit: 2 });
      expect(first.rows).toMatchObject([
        { ...entry, at: world.now },
        { ...entry, at: world.now - 1 },
      ]);
      const second = await list(world.tenant, {
        action: "a.x",
        limit: 2,
        ...(first.cursor && { cursor: first.cursor }),
      });
      expect(second).toMatchObject({ rows: [{ at: world.now - 3 }] });
      expect(second.cursor).toBeUndefined();
    });

    test("keeps notes about messages, oldest first", async (world) => {
      const [turn, delivery] = [newId("turn"), newId("delivery")];
      await world.store.traces.note(world.tenant, [
        { subject: delivery, at: 3, step: "waiting-for-rate-limit", detail: { until: 9 } },
        { subject: turn, at: 1, step: "replayed" },
        { subject: newId("turn"), at: 2, step: "elsewhere" },
      ]);
      expect(await world.store.traces.notes(world.tenant, [delivery, turn, turn])).toEqual([
        { subject: turn, at: 1, step: "replayed" },
        { subject: delivery, at: 3, step: "waiting-for-rate-limit", detail: { until: 9 } },
      ]);
    });
  });
}
