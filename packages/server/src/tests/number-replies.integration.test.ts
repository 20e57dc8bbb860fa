/** Platforms without buttons: a number answers what the newest message offered. */
import { describe, expect, it } from "vitest";
import { startTestEngine } from "../test-support/engine.ts";
import { eventually } from "../test-support/eventually.ts";
import { scriptedAgent } from "../test-support/scripted-agent.ts";
import { said, scriptedPlatform } from "../test-support/scripted-channel.ts";
import { TestClock } from "../test-support/test-clock.ts";

const DAY_MS = 86_400_000;

/** Somebody who writes and waits for the answer. */
async function conversation(options: { readonly buttons?: number } = {}) {
  const platform = scriptedPlatform(options);
  const clock = new TestClock(20);
  const heard: string[] = [];
  const agents = scriptedAgent(async (text) => {
    heard.push(text);
    return `heard ${text}`;
  });
  const test = await startTestEngine({ platform, clock, agents });
  await test.put("a");
  let keys = 0;
  return {
    clock,
    heard,
    async says(text: string, from = "Ada") {
      const before = platform.sent.length;
      await test.receive("a", said(`${keys++}`, from, text, clock.now()));
      await eventually(() => platform.sent.length > before);
      return platform.sent.at(-1)?.text ?? "";
    },
    [Symbol.asyncDispose]: () => test[Symbol.asyncDispose](),
  };
}

describe.concurrent("choices on a platform without buttons", () => {
  it("MSG-4 AGT-5 a number does what the button would have done, however it is written", async () => {
    for (const number of ["3", " 3. ", "#3", "3)"]) {
      await using it = await conversation();
      expect(await it.says("/menu")).toContain("Settings");
      expect(await it.says(number), number).toMatch(/Verbosity/);
      expect(it.heard).toEqual([]);
    }
  });

  it("MSG-4 a number that was not offered, or more than a number, is a message like any other", async () => {
    await using it = await conversation();
    await it.says("/menu");
    expect(await it.says("99")).toBe("heard 99");
    await it.says("/menu");
    expect(await it.says("3 apples")).toBe("heard 3 apples");
    await it.says("/menu");
    expect(await it.says("0")).toBe("heard 0");
  });

  it("MSG-4 only the newest message's choices count, and only in their conversation", async () => {
    await using it = await conversation();
    await it.says("/menu");
    expect(await it.says("3", "Bob")).toBe("heard 3");
    await it.says("how many people?");
    expect(await it.says("3")).toBe("heard 3");
  });

  it("MSG-4 choices end with the day", async () => {
    await using it = await conversation();
    await it.says("/menu");
    it.clock.jump(2 * DAY_MS);
    expect(await it.says("3")).toBe("heard 3");
  });

  it("MSG-4 where there are buttons a number is a number", async () => {
    await using it = await conversation({ buttons: 10 });
    await it.says("/menu");
    expect(await it.says("3")).toBe("heard 3");
  });
});
