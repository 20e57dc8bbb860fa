/** Asking to be let in where the clock, the store or the platform's peculiarities decide: the engine with a scripted platform. */
import { DEFAULT_TENANT, type PeerId, SwitchboardError } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { startTestEngine, type TestEngine } from "../test-support/engine.ts";
import { eventually } from "../test-support/eventually.ts";
import { pressed, type ScriptedPlatform, said, scriptedPlatform } from "../test-support/scripted-channel.ts";
import { TestClock } from "../test-support/test-clock.ts";

const HOUR = 3_600_000;
const MINUTE = 60_000;

const settings = { dmPolicy: "pairing" } as const;
const by = { by: "operator:test", owner: false, tell: false };

/** What became of `count` events, as soon as all are settled. */
const settled = ({ store }: TestEngine, count: number) =>
  eventually(
    async () => {
      const { rows } = await store.inbox.list(DEFAULT_TENANT, { limit: 500 });
      return rows.length === count && rows.every(({ state }) => state !== "new") && rows;
    },
    { what: `${count} events settled` },
  );

const codesIn = ({ sent }: ScriptedPlatform) =>
  sent.flatMap(({ conversation, text }) => {
    const [, code] = /```\n([A-Z0-9]{8})\n```/.exec(text) ?? [];
    return code === undefined ? [] : [{ conversation, code }];
  });

const pendingOf = async (engine: TestEngine, account = "a") =>
  (await engine.engine.pairings.pending(DEFAULT_TENANT, { account: engine.ref(account).account })).map(
    ({ sender }) => sender as string,
  );

describe.concurrent("the limits of pairing", () => {
  it("ACC-2 of strangers that write at the same moment three get a code, each another one", async () => {
    const platform = scriptedPlatform();
    const clock = new TestClock();
    await using engine = await startTestEngine({ platform, clock });
    await engine.put("a", "secret", settings);
    const people = Array.from({ length: 24 }, (_, index) => `stranger-${index}`);
    await engine.receive("a", ...people.map((each) => said(each, each, "hello", clock.now())));
    const rows = await settled(engine, people.length);
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(["denied"]));
    const codes = await eventually(() => codesIn(platform).length === 3 && codesIn(platform));
    expect(new Set(codes.map(({ code }) => code)).size).toBe(3);
    expect(codes.map(({ conversation }) => conversation as string).sort()).toEqual((await pendingOf(engine)).sort());
    const { rows: deliveries } = await engine.store.outbox.list(DEFAULT_TENANT, {});
    expect(deliveries).toHaveLength(3);
  });

  it("ACC-2 a code is valid for an hour, however often its owner writes; then they get another", async () => {
    const platform = scriptedPlatform();
    const clock = new TestClock();
    await using engine = await startTestEngine({ platform, clock });
    await engine.put("a", "secret", settings);
    let count = 0;
    const say = async (from: string) => {
      count += 1;
      await engine.receive("a", said(`m${count}`, from, "hello", clock.now()));
      await settled(engine, count);
    };
    for (const each of ["Ada", "Bob", "Cem", "Dan"]) await say(each);
    await eventually(() => codesIn(platform).length === 3);
    clock.jump(HOUR - 5 * MINUTE);
    await say("Ada");
    await say("Dan");
    const [ada] = await engine.store.pairing.list(DEFAULT_TENANT, {});
    expect((ada?.lastSeenAt ?? 0) - (ada?.createdAt ?? 0)).toBeGreaterThanOrEqual(HOUR - 5 * MINUTE);
    expect((ada?.expiresAt ?? 0) - (ada?.createdAt ?? 0)).toBe(HOUR);
    expect([codesIn(platform).length, await pendingOf(engine)]).toEqual([3, ["Ada", "Bob", "Cem"]]);

    clock.jump(6 * MINUTE);
    expect(await pendingOf(engine)).toEqual([]);
    const { pairings } = engine.engine;
    const codeOf = (from: string) =>
      codesIn(platform).findLast(({ conversation }) => conversation === from)?.code ?? "";
    const old = { code: codeOf("Ada") };
    const expired = { code: "REQ_002", details: { reason: "expired" } };
    await expect(pairings.approve(engine.ref("a"), old, by)).rejects.toMatchObject(expired);
    await expect(pairings.approve(engine.ref("a"), { id: ada?.id ?? "" }, by)).rejects.toMatchObject(expired);
    await expect(pairings.dismiss(engine.ref("a"), old, by.by)).rejects.toMatchObject(expired);
    expect(await engine.store.accounts.grants(engine.ref("a"))).toEqual([]);
    for (const each of ["Dan", "Ada"]) await say(each);
    const codes = await eventually(() => codesIn(platform).length === 5 && codesIn(platform));
    expect(new Set(codes.map(({ code }) => code)).size).toBe(5);
    await expect(pairings.approve(engine.ref("a"), old, by)).rejects.toMatchObject({
      details: { reason: "wrong-code" },
    });
    await pairings.approve(engine.ref("a"), { code: codeOf("Ada") }, by);
    expect(await pendingOf(engine)).toEqual(["Dan"]);
    // A day later nothing is left of what expired.
    clock.jump(25 * HOUR + 2 * MINUTE);
    await eventually(async () => (await engine.store.pairing.list(DEFAULT_TENANT, {})).length === 0);
  });

  it("ACC-2 a store that fails in between makes neither a request without its reply nor a second reply", async () => {
    const platform = scriptedPlatform();
    let [settlements, lists] = [0, 0];
    await using engine = await startTestEngine({
      platform,
      clock: new TestClock(20),
      store: (store) => ({
        ...store,
        pairing: {
          ...store.pairing,
          async list(...args) {
            lists += 1;
            if (lists === 1) throw new SwitchboardError("STORE_004");
            return store.pairing.list(...args);
          },
        },
        inbox: {
          ...store.inbox,
          async settle(...args) {
            settlements += 1;
            if (settlements === 2) throw new SwitchboardError("STORE_004");
            return store.inbox.settle(...args);
          },
        },
      }),
    });
    await engine.put("a", "secret", settings);
    await engine.receive("a", said("m1", "Ada", "hello", 0), said("m2", "Ada", "hello?", 0));
    await settled(engine, 2);
    await eventually(() => codesIn(platform).length === 1);
    expect([settlements, lists]).toEqual([4, 3]);
    const { rows } = await engine.store.outbox.list(DEFAULT_TENANT, {});
    expect([rows.length, await pendingOf(engine)]).toEqual([1, ["Ada"]]);
  });

  it("ACC-2 wrong codes are forgiven after a while", async () => {
    const clock = new TestClock();
    const platform = scriptedPlatform();
    await using engine = await startTestEngine({ platform, clock });
    await engine.put("a", "secret", settings);
    await engine.receive("a", said("m1", "Ada", "hello", clock.now()));
    const [{ code = "" } = {}] = await eventually(() => codesIn(platform).length === 1 && codesIn(platform));
    const { pairings } = engine.engine;
    const approve = (typed: string, who = "operator:test") =>
      pairings.approve(engine.ref("a"), { code: typed }, { ...by, by: who });
    for (let guess = 0; guess < 5; guess++)
      await expect(approve("22222222")).rejects.toMatchObject({ code: "REQ_002" });
    const refusal = await approve(code).catch((error: SwitchboardError) => error);
    expect(refusal).toMatchObject({ code: "SEC_005" });
    clock.jump((refusal as SwitchboardError).retryAfterMs ?? 0);
    expect(await approve(code, "operator:test")).toMatchObject({ request: { sender: "Ada" } });
  });

  it("ACC-3 AGT-5 a button that nobody was given does nothing: not for strangers, not for those who were let in", async () => {
    const clock = new TestClock();
    const platform = scriptedPlatform({ buttons: 8 });
    await using engine = await startTestEngine({ platform, clock });
    await engine.put("a", "secret", { ...settings, owners: ["Olga"], allowFrom: ["Olga", "Ben"] });
    const now = clock.now();
    await engine.receive("a", said("m1", "Olga", "/status", now));
    await settled(engine, 1);
    await engine.receive("a", said("m2", "Sue", "let me in", now));
    await settled(engine, 2);
    const notice = await eventually(() => platform.sent.find(({ text }) => text.includes("asks to write")));
    expect(notice.conversation).toBe("Olga");
    const [request] = await engine.store.pairing.list(DEFAULT_TENANT, {});
    const value = `/pairing approve ${request?.id}`;
    expect(notice.buttons[0]?.startsWith("~") || notice.buttons[0] === `>Olga ${value}`).toBe(true);
    const forged = [
      pressed("p1", "Sue", value, now),
      pressed("p2", "Sue", `>Sue ${value}`, now),
      pressed("p3", "Sue", notice.buttons[0] ?? "", now),
      pressed("p4", "Ben", value, now),
      pressed("p5", "Ben", `>Ben ${value}`, now),
      pressed("p6", "Ben", notice.buttons[0] ?? "", now),
      pressed("p7", "Ben", `/pairing approve ${request?.code}`, now),
    ];
    await engine.receive("a", ...forged);
    const rows = await settled(engine, 2 + forged.length);
    const reasons = new Map(rows.map(({ key, reason }) => [key, reason]));
    for (const key of ["p1", "p2", "p3"]) expect(reasons.get(key)).toBe("SEC_001 pairing-required");
    for (const key of ["p4", "p5", "p7"]) expect(reasons.get(key)).toBe("SEC_003 command pairing");
    expect(reasons.get("p6")).toBe("button-of-somebody-else");
    expect(await engine.store.accounts.grants(engine.ref("a"))).toEqual([]);
    expect(await pendingOf(engine)).toEqual(["Sue"]);
    await engine.receive("a", pressed("p8", "Olga", notice.buttons[0] ?? "", now));
    await eventually(async () => (await pendingOf(engine)).length === 0);
    expect(await engine.store.accounts.grants(engine.ref("a"))).toMatchObject([{ authority: "dm", subject: "Sue" }]);
  });

  it("ACC-3 ACC-4 a button of a conversation for approvals decides on its own account alone, for its owners of now", async () => {
    const clock = new TestClock();
    const platform = scriptedPlatform({ buttons: 8 });
    await using engine = await startTestEngine({ platform, clock });
    const mine = { ...settings, approvals: "staff", allowFrom: ["Olga", "Otto"] };
    await engine.put("a", "secret", { ...mine, owners: ["Olga"] });
    await engine.put("b", "secret", { ...mine, owners: ["Otto"] });
    const now = clock.now();
    await engine.receive("a", said("m1", "Sue", "let me in", now));
    const notice = await eventually(() => platform.sent.find(({ text }) => text.includes("asks to write")));
    expect(notice.conversation).toBe("staff");
    const [value = ""] = notice.buttons;
    // Otto owns another account; there is no such request there, and here he owns nothing.
    await engine.receive("b", pressed("p1", "Otto", value, now));
    await engine.receive("a", pressed("p2", "Otto", value, now));
    await settled(engine, 3);
    expect(await pendingOf(engine)).toEqual(["Sue"]);
    // Who owns it no longer decides nothing either, though the message was shown while she did.
    await engine.put("a", "secret", { ...mine, owners: [] });
    await engine.receive("a", pressed("p3", "Olga", value, now));
    await settled(engine, 4);
    expect(await pendingOf(engine)).toEqual(["Sue"]);
    await engine.put("a", "secret", { ...mine, owners: ["Olga"] });
    await engine.receive("a", pressed("p4", "Olga", value, now));
    await eventually(async () => (await pendingOf(engine)).length === 0);
    expect(await engine.store.accounts.grants(engine.ref("b"))).toEqual([]);
  });

  it("ACC-3 an owner who never wrote is not written to, and one without buttons is told the words", async () => {
    const clock = new TestClock();
    const platform = scriptedPlatform();
    await using engine = await startTestEngine({ platform, clock });
    await engine.put("a", "secret", { ...settings, owners: ["Olga", "Otto"], allowFrom: ["Olga", "Otto"] });
    await engine.put("b", "secret", { ...settings, owners: ["Olga"], allowFrom: ["Olga"] });
    await engine.receive("a", said("m1", "Olga", "/status", clock.now()));
    await settled(engine, 1);
    // On this account she has no chat.
    await engine.receive("b", said("m2", "Sue", "let me in", clock.now()));
    await engine.receive("a", said("m3", "Sue", "let me in", clock.now()));
    await settled(engine, 3);
    const notice = await eventually(() => platform.sent.find(({ text }) => text.includes("asks to write")));
    const [request] = await engine.store.pairing.list(DEFAULT_TENANT, engine.ref("a"));
    expect([notice.conversation, notice.buttons]).toEqual(["Olga", []]);
    expect(notice.text).toContain(`/pairing approve ${request?.id}`);
    await eventually(() => codesIn(platform).length === 2);
    expect(platform.sent.filter(({ text }) => text.includes("asks to write"))).toHaveLength(1);
    await engine.receive("a", said("m4", "Olga", `/pairing approve ${request?.id}`, clock.now()));
    await eventually(async () => (await pendingOf(engine)).length === 0);
    expect(await pendingOf(engine, "b")).toEqual(["Sue"]);
  });

  it("CVE-2026-44991 whoever calls themselves a wildcard is nobody who could be let in", async () => {
    const clock = new TestClock();
    const platform = scriptedPlatform();
    await using engine = await startTestEngine({ platform, clock });
    await engine.put("a", "secret", settings);
    await engine.receive("a", said("m1", "*", "hello", clock.now()));
    await settled(engine, 1);
    expect(await pendingOf(engine)).toEqual([]);
    // Should one have got there all the same, it is not approved.
    const [event] = await settled(engine, 1);
    const request = {
      ...engine.ref("a"),
      sender: "*" as PeerId,
      id: "made-up",
      code: "ABCD2345",
      target: { conversation: "*" as never, kind: "direct" },
      createdAt: clock.now(),
      lastSeenAt: clock.now(),
      expiresAt: clock.now() + HOUR,
    } as const;
    expect(event?.state).toBe("denied");
    const stored = await engine.store.inbox.ingest(DEFAULT_TENANT, {
      channel: request.channel,
      account: request.account,
      events: [{ key: "m2", lane: "somewhere", payload: {} }],
      now: clock.now(),
      ttlMs: HOUR,
      claim: { owner: "test", leaseMs: HOUR },
    });
    const [claimed] = stored.claimed;
    if (!claimed) throw new Error("the event was not claimed");
    const { channel, account } = request;
    const { tenant: _, ...row } = { ...request, channel, account };
    await engine.store.inbox.settle(claimed.lease, claimed.event.id, {
      state: "denied",
      now: clock.now(),
      effects: [{ type: "pairing-request", request: row, most: 3, deliveries: [] }],
    });
    const { pairings } = engine.engine;
    await expect(pairings.approve(engine.ref("a"), { id: "made-up" }, { ...by, owner: true })).rejects.toMatchObject({
      code: "REQ_001",
    });
    expect(await engine.store.accounts.grants(engine.ref("a"))).toEqual([]);
  });
});
