/** What is stopped has stopped, at whatever moment it was asked to, and everybody who waits for it is told. */
import type { EngineEvent, Store } from "@switchboard/core";
import { DEFAULT_TENANT, type SessionKey } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { startTestEngine, type TestEngine } from "../test-support/engine.ts";
import { eventually } from "../test-support/eventually.ts";
import { gate, scriptedAgent } from "../test-support/scripted-agent.ts";
import { SCRIPTED, said, scriptedPlatform } from "../test-support/scripted-channel.ts";
import { TestClock } from "../test-support/test-clock.ts";

const sessionOf = (person: string) => `agent:main:${SCRIPTED}:a:direct:${person}` as SessionKey;

type Ended = Extract<EngineEvent, { type: "run.ended" }>;

function endings({ engine }: TestEngine): Ended[] {
  const ended: Ended[] = [];
  engine.events.listen((event) => {
    if (event.type === "run.ended") ended.push(event);
  });
  return ended;
}

/** A store that does something just before or after one of its calls. */
function around(
  store: Store,
  calls: { readonly settle?: Store["inbox"]["settle"]; readonly turns?: Partial<Store["turns"]> },
) {
  return {
    ...store,
    inbox: { ...store.inbox, ...(calls.settle && { settle: calls.settle }) },
    turns: { ...store.turns, ...calls.turns },
  };
}

describe.concurrent("a stop that comes at an awkward moment", () => {
  it("Q-5 between the claim of a turn and its run: the agent is not asked", async () => {
    const platform = scriptedPlatform();
    const clock = new TestClock(20);
    const agents = scriptedAgent();
    let stopped: readonly string[] = [];
    const holder: { test?: TestEngine } = {};
    await using test = await startTestEngine({
      platform,
      clock,
      agents,
      store: (store) =>
        around(store, {
          settle: async (...given) => {
            const result = await store.inbox.settle(...given);
            if (result.turns.length > 0) {
              ({ stopped = [] } = (await holder.test?.engine.stopRun(DEFAULT_TENANT, sessionOf("Ada"))) ?? {});
            }
            return result;
          },
        }),
    });
    holder.test = test;
    const ended = endings(test);
    await test.put("a");
    await test.receive("a", said("1", "Ada", "hello", clock.now()));
    await eventually(() => ended.length > 0);
    expect(ended.map(({ turn, state }) => [turn, state])).toEqual([[stopped[0], "aborted"]]);
    expect(agents.asked).toEqual([]);
    expect(platform.sent).toEqual([]);
  });

  it.each(["complete", "giveBack"] as const)(
    "Q-5 just before %s: the turn ends as stopped all the same",
    async (moment) => {
      const platform = scriptedPlatform();
      const clock = new TestClock(20);
      const agents = scriptedAgent(() => {
        if (moment === "giveBack") throw new Error("the provider failed");
        return "an answer";
      });
      let stopped: readonly string[] | undefined;
      const holder: { test?: TestEngine } = {};
      const stop = async () => {
        stopped ??= (await holder.test?.engine.stopRun(DEFAULT_TENANT, sessionOf("Ada")))?.stopped;
      };
      await using test = await startTestEngine({
        platform,
        clock,
        agents,
        store: (store) =>
          around(store, {
            turns:
              moment === "complete"
                ? { complete: async (...given) => stop().then(() => store.turns.complete(...given)) }
                : { giveBack: async (...given) => stop().then(() => store.turns.giveBack(...given)) },
          }),
      });
      holder.test = test;
      const ended = endings(test);
      await test.put("a");
      await test.receive("a", said("1", "Ada", "hello", clock.now()));
      await eventually(() => ended.length > 0);
      expect(ended.map(({ turn, state }) => [turn, state])).toEqual([[stopped?.[0], "aborted"]]);
      const { rows } = await test.store.turns.list(DEFAULT_TENANT, {});
      expect(rows.map(({ state }) => state)).toEqual(["aborted"]);
      expect(platform.sent).toEqual([]);
      expect((await test.store.upkeep.stats(clock.now())).deadLetters).toBe(0);
    },
  );

  it("Q-5 AGT-3 a queued turn that is taken back ends for those who wait for it, by command and by request", async () => {
    const platform = scriptedPlatform();
    const clock = new TestClock(20);
    const never = gate();
    const agents = scriptedAgent((_text, _request, signal) => never.passed(signal).then(() => ""));
    await using test = await startTestEngine({ platform, clock, agents });
    const ended = endings(test);
    await test.put("a", "secret", { queueMode: "followup" });
    for (const stop of ["command", "request"]) {
      ended.length = 0;
      await test.receive("a", said(`${stop}1`, "Ada", "runs", clock.now()));
      await eventually(() => agents.asked.length > 0);
      await test.receive("a", said(`${stop}2`, "Ada", "waits", clock.now()));
      await eventually(
        async () => (await test.store.turns.list(DEFAULT_TENANT, { states: ["queued"] })).rows.length === 1,
      );
      if (stop === "command") await test.receive("a", said("stop", "Ada", "/stop", clock.now()));
      else expect((await test.engine.stopRun(DEFAULT_TENANT, sessionOf("Ada"))).stopped).toHaveLength(2);
      await eventually(() => ended.length === 2);
      expect(ended.map(({ state }) => state).sort()).toEqual(["aborted", "cancelled"]);
    }
  });
});
