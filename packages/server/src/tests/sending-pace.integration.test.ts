/** How fast an account sends, and what that costs the store. */
import { describe, expect, it } from "vitest";
import { startTestEngine } from "../test-support/engine.ts";
import { eventually } from "../test-support/eventually.ts";
import { scriptedPlatform } from "../test-support/scripted-channel.ts";
import { TestClock } from "../test-support/test-clock.ts";

describe("an account at its limit", () => {
  it("ACC-5 Q-5 claims no more conversations than it may send to, and all are served in the end", async () => {
    const limit = { perSecond: 20, burst: 20 };
    const platform = scriptedPlatform({ rateLimits: { account: limit } });
    const clock = new TestClock(5);
    let givenBack = 0;
    await using engine = await startTestEngine({
      platform,
      clock,
      store: (store) => ({
        ...store,
        outbox: {
          ...store.outbox,
          giveBack(...args) {
            givenBack += 1;
            return store.outbox.giveBack(...args);
          },
        },
      }),
    });
    await engine.put("a");
    await eventually(() => engine.engine.accounts.get(engine.ref("a"))?.connection);
    const startedAt = clock.now();
    await engine.post("a", ...Array.from({ length: 200 }, (_, index) => [`c${index}`, "hello"] as const));
    await eventually(() => platform.sent.length === 200, { timeoutMs: 30_000 });
    const seconds = (clock.now() - startedAt) / 1_000;
    expect(platform.sent.length).toBeLessThanOrEqual(limit.burst + limit.perSecond * seconds + 1);
    expect(givenBack).toBe(0);
  });
});
