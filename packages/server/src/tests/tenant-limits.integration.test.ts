/** What a tenant may use: what is beyond is kept, told once, and comes back. */
import { DEFAULT_TENANT } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { startTestEngine, type TestEngine } from "../test-support/engine.ts";
import { eventually } from "../test-support/eventually.ts";
import { said, scriptedPlatform } from "../test-support/scripted-channel.ts";
import { TestClock } from "../test-support/test-clock.ts";

const DAY_MS = 86_400_000;

/** Noon, so that no day ends by itself meanwhile. */
function noon(): TestClock {
  const clock = new TestClock();
  clock.jump(DAY_MS - (clock.now() % DAY_MS) + DAY_MS / 2);
  return clock;
}

async function settled({ store }: TestEngine, count: number): Promise<(string | undefined)[]> {
  return eventually(async () => {
    const { rows } = await store.inbox.list(DEFAULT_TENANT, { limit: 500 });
    return rows.length === count && rows.every(({ state }) => state !== "new") && rows.map(({ state }) => state);
  });
}

describe.concurrent("the limits of a tenant", () => {
  it("TEN-7 SEC_010 beyond a hard limit messages are set aside, each person is told once, operators see it", async () => {
    const clock = noon();
    const platform = scriptedPlatform();
    const limits = { tenant: { messagesPerDay: { soft: 1, hard: 3 } }, tenantText: "Kein Platz mehr." };
    await using engine = await startTestEngine({ platform, clock, limits });
    await engine.put("a");
    const messages = (from: string, count: number) =>
      Array.from({ length: count }, (_, index) => said(`${from} ${index}`, from, `hello ${index}`, clock.now()));
    await engine.receive("a", ...messages("Ada", 5));
    const states = await settled(engine, 5);
    expect(states.filter((state) => state === "admitted")).toHaveLength(3);
    expect(states.filter((state) => state === "dead")).toHaveLength(2);
    await engine.receive("a", ...messages("Bob", 2));
    await settled(engine, 7);
    const told = () => platform.sent.filter(({ text }) => text.includes("Kein Platz mehr."));
    await eventually(async () => told().length >= 2);
    expect(
      told()
        .map(({ conversation }) => conversation)
        .sort(),
    ).toEqual(["Ada", "Bob"]);
    const { rows } = await engine.store.deadLetters.list(DEFAULT_TENANT, {});
    expect(rows.map(({ error }) => error.code)).toEqual(["SEC_010", "SEC_010", "SEC_010", "SEC_010"]);
    const actions = (await engine.store.audit.list(DEFAULT_TENANT, {})).rows.map(({ action }) => action);
    expect(actions.filter((action) => action.startsWith("limit.")).sort()).toEqual(["limit.reached", "limit.warned"]);
  });

  it("TEN-7 what was set aside is taken on another day, and only then", async () => {
    const clock = noon();
    const platform = scriptedPlatform();
    const limits = { tenant: { runsPerDay: { hard: 0 } } };
    await using engine = await startTestEngine({ platform, clock, limits });
    await engine.put("a");
    await engine.receive("a", said("one", "Ada", "hello", clock.now()));
    expect(await settled(engine, 1)).toEqual(["dead"]);
    const [letter] = (await engine.store.deadLetters.list(DEFAULT_TENANT, {})).rows;
    const entry = {
      at: clock.now(),
      actor: "operator:1",
      action: "limits.changed",
      subject: "limits",
      outcome: "ok",
    } as const;
    await engine.store.usage.setLimits(DEFAULT_TENANT, { runsPerDay: { hard: 1 } }, entry);
    // Nobody told this process: it looks again after a while by itself.
    clock.jump(DAY_MS);
    await engine.store.deadLetters.replay(DEFAULT_TENANT, letter?.id ?? ("" as never), {
      now: clock.now(),
      ttlMs: DAY_MS,
    });
    engine.engine.wake("inbox", engine.ref("a"));
    expect(await settled(engine, 1)).toEqual(["admitted"]);
  });
});
