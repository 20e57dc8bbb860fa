/** Messages whose account is not there, or cannot run, for a while. */
import { DEFAULT_TENANT } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { startTestEngine } from "../test-support/engine.ts";
import { eventually } from "../test-support/eventually.ts";
import { gate, scriptedAgent } from "../test-support/scripted-agent.ts";
import { said, scriptedPlatform } from "../test-support/scripted-channel.ts";
import { TestClock } from "../test-support/test-clock.ts";

const HOUR = 3_600_000;

describe.concurrent("an account that is missing for a while", () => {
  it("Q-6 oc#83017 what came for it is answered when it is back, and costs nobody a dead letter", async () => {
    const platform = scriptedPlatform();
    const clock = new TestClock(20);
    await using test = await startTestEngine({ platform, clock, agents: scriptedAgent() });
    await test.receive("a", said("1", "Ada", "hello", clock.now()));
    const event = await eventually(async () => {
      const { rows } = await test.store.inbox.list(DEFAULT_TENANT, {});
      return rows.find(({ reason }) => reason === "waiting-for-account");
    });
    expect(event).toMatchObject({ state: "new", attempts: 0 });
    await test.put("a");
    await eventually(() => platform.sent.length > 0);
    expect(platform.sent.map(({ text }) => text)).toEqual(["hello"]);
    expect((await test.store.upkeep.stats(clock.now())).deadLetters).toBe(0);
  });

  it("Q-6 oc#83017 a turn whose answer has nowhere to go waits, and is asked and answered when it has", async () => {
    const platform = scriptedPlatform();
    const clock = new TestClock(20);
    const first = gate();
    const agents = scriptedAgent(async (text, _request, signal) => {
      if (text === "first") await first.passed(signal);
      return text;
    });
    await using test = await startTestEngine({ platform, clock, agents, turns: { concurrency: 1 } });
    await test.put("a");
    await test.receive("a", said("1", "Ada", "first", clock.now()));
    await eventually(() => agents.asked.length === 1);
    await test.receive("a", said("2", "Bob", "second", clock.now()));
    const queued = await eventually(async () => {
      const { rows } = await test.store.turns.list(DEFAULT_TENANT, { states: ["queued"] });
      return rows[0];
    });
    await test.engine.accounts.remove(test.ref("a"));
    first.open();
    await eventually(async () => {
      const notes = await test.store.traces.notes(DEFAULT_TENANT, [queued.id]);
      return notes.some(({ step }) => step === "waiting-for-account");
    });
    expect(await test.store.turns.get(DEFAULT_TENANT, queued.id)).toMatchObject({ state: "queued", starts: 0 });
    expect(agents.asked).toEqual(["first"]);
    await test.put("a");
    await eventually(() => platform.sent.length === 2);
    expect(platform.sent.map(({ text }) => text).sort()).toEqual(["first", "second"]);
    expect((await test.store.upkeep.stats(clock.now())).deadLetters).toBe(0);
  });

  it("Q-3 oc#83017 after a day it lies among the dead letters, and a replay days later is answered", async () => {
    const platform = scriptedPlatform();
    const clock = new TestClock(20);
    await using test = await startTestEngine({ platform, clock, agents: scriptedAgent() });
    await test.receive("a", said("1", "Ada", "hello", clock.now()));
    clock.jump(25 * HOUR);
    const letter = await eventually(async () => (await test.store.deadLetters.list(DEFAULT_TENANT, {})).rows[0]);
    expect(letter).toMatchObject({ kind: "inbox", error: { code: "CFG_003" } });
    clock.jump(30 * HOUR);
    await test.put("a");
    const life = { now: clock.now(), ttlMs: 24 * HOUR };
    expect(await test.store.deadLetters.replay(DEFAULT_TENANT, letter.id, life)).toBe(true);
    test.engine.wake("inbox", test.ref("a"));
    await eventually(() => platform.sent.length > 0);
    expect(platform.sent.map(({ text }) => text)).toEqual(["hello"]);
  });
});
