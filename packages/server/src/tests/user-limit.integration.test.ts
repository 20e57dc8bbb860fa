/** The limit of one person, where it must not get in the way. */
import { DEFAULT_TENANT, SwitchboardError } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { startTestEngine, type TestEngine } from "../test-support/engine.ts";
import { eventually } from "../test-support/eventually.ts";
import { said, scriptedPlatform } from "../test-support/scripted-channel.ts";
import { TestClock } from "../test-support/test-clock.ts";

/** What became of `count` events, as soon as all are settled. */
async function settled({ store }: TestEngine, count: number): Promise<(string | undefined)[]> {
  return eventually(async () => {
    const { rows } = await store.inbox.list(DEFAULT_TENANT, { limit: 500 });
    return rows.length === count && rows.every(({ state }) => state !== "new") && rows.map(({ state }) => state);
  });
}

const texts = (count: number) => Array.from({ length: count }, (_, index) => `message ${index}`);

describe.concurrent("the limit of one person", () => {
  it("ACC-5 counts when they wrote: what came one a minute while nobody listened is all taken", async () => {
    const clock = new TestClock();
    await using engine = await startTestEngine({ platform: scriptedPlatform(), clock });
    await engine.put("a");
    const first = clock.now() - 3_600_000;
    const events = texts(40).map((text, index) => said(text, "Ada", text, first + index * 60_000));
    await engine.receive("a", ...events);
    expect(new Set(await settled(engine, 40))).toEqual(new Set(["admitted"]));
  });

  it("ACC-5 SEC_004 a flood is one whenever it arrives, and whatever time it claims to be from", async () => {
    const clock = new TestClock();
    const limits = { userPerMinute: 1, userBurst: 5 };
    await using engine = await startTestEngine({ platform: scriptedPlatform(), clock, limits });
    await engine.put("a");
    const now = clock.now();
    const [earlier, tomorrow] = [now - 3_600_000, now + 86_400_000];
    await engine.receive("a", ...texts(10).map((text) => said(`past ${text}`, "Ada", text, earlier)));
    const states = await settled(engine, 10);
    expect(states.filter((state) => state === "admitted")).toHaveLength(5);
    await engine.receive(
      "a",
      ...texts(10).map((text, i) => said(`future ${text}`, "Bob", text, tomorrow + i * 60_000)),
    );
    const all = await settled(engine, 20);
    expect(all.filter((state) => state === "admitted")).toHaveLength(10);
  });

  it("ACC-5 what is decided again because the store failed costs nothing a second time", async () => {
    let calls = 0;
    await using engine = await startTestEngine({
      platform: scriptedPlatform(),
      clock: new TestClock(20),
      limits: { userPerMinute: 1, userBurst: 5 },
      store: (store) => ({
        ...store,
        sessions: {
          ...store.sessions,
          async preferences(...args) {
            calls += 1;
            // The first try of every command fails.
            if (calls % 2 === 1) throw new SwitchboardError("STORE_004");
            return store.sessions.preferences(...args);
          },
        },
      }),
    });
    await engine.put("a");
    await engine.receive("a", ...texts(5).map((text) => said(text, "Ada", "/status", 0)));
    expect(new Set(await settled(engine, 5))).toEqual(new Set(["handled"]));
    expect(calls).toBe(10);
  });
});
