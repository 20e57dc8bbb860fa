/** Mistakes of our own, of a channel or of a listener: they cost at most the message they happen to. */

import type { Store } from "@switchboard/core";
import { DEFAULT_TENANT, SwitchboardError } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { startTestEngine } from "../test-support/engine.ts";
import { eventually } from "../test-support/eventually.ts";
import { scriptedAgent } from "../test-support/scripted-agent.ts";
import { said, scriptedPlatform } from "../test-support/scripted-channel.ts";
import { TestClock } from "../test-support/test-clock.ts";

const cannotShow = (words: string) => (text: string) => {
  if (text.includes(words)) throw new SwitchboardError("MSG_008", "There is nothing to show.");
};

/** Throws once where a call begins. */
function once<Given extends unknown[], Result>(call: (...given: Given) => Promise<Result>) {
  let left = 1;
  return async (...given: Given): Promise<Result> => {
    if (left-- > 0) throw new TypeError("a mistake of our own");
    return call(...given);
  };
}

const BREAKS: Readonly<Record<string, (store: Store) => Store>> = {
  "the settlement of an event": (store) => ({ ...store, inbox: { ...store.inbox, settle: once(store.inbox.settle) } }),
  "the end of a turn": (store) => ({ ...store, turns: { ...store.turns, complete: once(store.turns.complete) } }),
  "the end of a send": (store) => ({ ...store, outbox: { ...store.outbox, settle: once(store.outbox.settle) } }),
};

describe.concurrent("what nobody foresaw", () => {
  it.each(Object.keys(BREAKS))(
    "Q-6 %s breaks off: the work is taken up again long before its lease runs out",
    async (what) => {
      const platform = scriptedPlatform();
      const clock = new TestClock(20);
      await using test = await startTestEngine({
        platform,
        clock,
        agents: scriptedAgent(),
        turns: { leaseMs: 24 * 3_600_000 },
        store: BREAKS[what] ?? ((store) => store),
      });
      await test.put("a");
      await test.receive("a", said("1", "Ada", "hello", clock.now()));
      await eventually(() => platform.sent.length > 0);
      await test.receive("a", said("2", "Ada", "and then", clock.now()));
      await eventually(() => platform.sent.at(-1)?.text === "and then");
      // A send that broke off after the platform took it is repeated with a note.
      const repeated = what === "the end of a send" ? ["hello", "again: hello", "and then"] : ["hello", "and then"];
      expect(platform.sent.map(({ text }) => text)).toEqual(repeated);
      expect(test.log.text()).toContain("a mistake of our own");
    },
  );

  it("MSG-4 AGT-1 a scheduled message that the channel cannot show is refused to the model, and the answer comes", async () => {
    const platform = scriptedPlatform();
    platform.script.render = cannotShow("nothing to see");
    const clock = new TestClock(20);
    const agents = scriptedAgent(async (_text, { tools }, signal) => {
      const tool = tools.find(({ name }) => name === "schedule_message");
      const given = { text: "nothing to see", in_seconds: 5 };
      return (await tool?.run(given, signal).catch((error: SwitchboardError) => `refused: ${error.code}`)) as string;
    });
    await using test = await startTestEngine({ platform, clock, agents });
    const { routing } = test.engine;
    test.engine.reroute({ ...routing, agents: [{ ...routing.agents[0], tools: true }] });
    await test.put("a");
    await test.receive("a", said("1", "Ada", "remind me", clock.now()));
    await eventually(() => platform.sent.length > 0);
    expect(platform.sent.map(({ text }) => text)).toEqual(["refused: MSG_008"]);
  });

  it("MSG-4 Q-3 an answer that can neither be shown nor explained is a dead letter, and the session goes on", async () => {
    const platform = scriptedPlatform();
    platform.script.render = (text) => {
      cannotShow("unshowable")(text);
      cannotShow("I could not answer")(text);
    };
    const clock = new TestClock(20);
    await using test = await startTestEngine({ platform, clock, agents: scriptedAgent() });
    await test.put("a");
    await test.receive("a", said("1", "Ada", "unshowable", clock.now()));
    await test.receive("a", said("2", "Ada", "showable", clock.now()));
    await eventually(() => platform.sent.length > 0);
    expect(platform.sent.map(({ text }) => text)).toEqual(["showable"]);
    const { rows } = await test.store.deadLetters.list(DEFAULT_TENANT, {});
    expect(rows).toMatchObject([{ kind: "turn", error: { code: "MSG_008" }, preview: "unshowable" }]);
  });

  it("Q-3 Q-6 a turn whose inputs the store refuses is a dead letter, and its conversation goes on", async () => {
    const platform = scriptedPlatform();
    const clock = new TestClock(20);
    const store = (real: Store): Store => ({
      ...real,
      turns: {
        ...real.turns,
        complete: async (lease, turn, completion) => {
          const inputs = await real.turns.inputs(lease.tenant, turn);
          if (!completion.withoutInputs && inputs.some(({ text }) => text === "unwritable")) {
            throw new SwitchboardError("REQ_004", "cannot store REAL value in INTEGER column transcript.at");
          }
          return real.turns.complete(lease, turn, completion);
        },
      },
    });
    await using test = await startTestEngine({ platform, clock, agents: scriptedAgent(), store });
    await test.put("a");
    await test.receive("a", said("1", "Ada", "unwritable", clock.now()));
    const letters = async () => (await test.store.deadLetters.list(DEFAULT_TENANT, {})).rows;
    await eventually(async () => (await letters()).length > 0);
    await test.receive("a", said("2", "Ada", "writable", clock.now()));
    await eventually(() => platform.sent.length > 0);
    expect(platform.sent.map(({ text }) => text)).toEqual(["writable"]);
    expect(await letters()).toMatchObject([{ kind: "turn", error: { code: "REQ_004" }, preview: "unwritable" }]);
  });

  it.each([1e300, 0.5, -7, Number.MAX_SAFE_INTEGER])(
    "MSG-1 Q-6 a message dated %d counts as written when it came in, and is answered",
    async (at) => {
      const platform = scriptedPlatform();
      const clock = new TestClock(20);
      await using test = await startTestEngine({ platform, clock, agents: scriptedAgent() });
      await test.put("a");
      const earliest = clock.now();
      await test.receive("a", said("1", "Ada", "hello", at));
      await eventually(() => platform.sent.length > 0);
      const { rows } = await test.store.turns.list(DEFAULT_TENANT, {});
      const inputs = await Promise.all(rows.map(({ id }) => test.store.turns.inputs(DEFAULT_TENANT, id)));
      expect(inputs.flat()).toHaveLength(1);
      for (const input of inputs.flat()) {
        expect(input.at).toBeGreaterThanOrEqual(earliest);
        expect(input.at).toBeLessThanOrEqual(clock.now());
      }
    },
  );

  it("Q-6 one account whose work cannot be claimed holds nobody else's up, and is looked at again", async () => {
    const platform = scriptedPlatform();
    const clock = new TestClock(1);
    const broken = new Set(["a"]);
    const store = (real: Store): Store => ({
      ...real,
      outbox: {
        ...real.outbox,
        claim: async (tenant, input) => {
          if (broken.has(input.account)) throw new TypeError("a mistake of our own");
          return real.outbox.claim(tenant, input);
        },
      },
    });
    await using test = await startTestEngine({ platform, clock, agents: scriptedAgent(), store });
    const accounts = ["a", "b", "c"];
    for (const account of accounts) await test.put(account);
    // Nobody is told of these but the sweep, which finds them in one go.
    await test.enqueue(accounts.map((account) => [account, "Ada", `from ${account}`]));
    clock.jump(6_000);
    await eventually(() => platform.sent.length === 2);
    expect(platform.sent.map(({ text }) => text).sort()).toEqual(["from b", "from c"]);
    expect(test.log.text()).toContain("a mistake of our own");
    broken.clear();
    clock.jump(6_000);
    await eventually(() => platform.sent.length === 3);
  });

  it("Q-6 a listener of the engine's events that throws stops nobody", async () => {
    const platform = scriptedPlatform();
    const clock = new TestClock(20);
    await using test = await startTestEngine({ platform, clock, agents: scriptedAgent() });
    const heard: string[] = [];
    test.engine.events.listen(() => {
      throw new Error("a face's mistake");
    });
    test.engine.events.listen(({ type }) => heard.push(type));
    await test.put("a");
    for (const key of ["1", "2"]) await test.receive("a", said(key, "Ada", `message ${key}`, clock.now()));
    await eventually(() => platform.sent.length === 2);
    expect(heard).toContain("run.ended");
    expect(test.log.text()).toContain("a face's mistake");
  });

  it("Q-5 no more turns run at the same time than there may, however many messages come at once", async () => {
    const platform = scriptedPlatform();
    const clock = new TestClock(1);
    const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
    const agents = scriptedAgent(async (text) => {
      for (let i = 0; i < 20; i += 1) await turn();
      return text;
    });
    await using test = await startTestEngine({ platform, clock, agents, turns: { concurrency: 2 } });
    await test.put("a");
    const people = Array.from({ length: 60 }, (_, index) => `p${index}`);
    await Promise.all(people.map((each) => test.receive("a", said(each, each, each, clock.now()))));
    await eventually(() => platform.sent.length === people.length, { timeoutMs: 30_000 });
    expect(platform.sent.map(({ text }) => text).sort()).toEqual(people.toSorted());
    expect(agents.peak).toBe(2);
  });
});
