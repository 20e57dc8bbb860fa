import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { eventually } from "../test-support/eventually.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { startProxiedGateway } from "../test-support/proxied-gateway.ts";
import { TestClock } from "../test-support/test-clock.ts";
import { peopleSaid } from "../test-support/transcript.ts";

/** Keeps every other connection from writing until it is called. */
function lockStore({ directory }: TestGateway): () => void {
  const db = new DatabaseSync(join(directory, "switchboard.db"));
  db.exec("BEGIN IMMEDIATE");
  return () => {
    db.exec("ROLLBACK");
    db.close();
  };
}

describe.concurrent("what platforms send", () => {
  it("Q-1 CH-1 oc#124193 answers a webhook only when its event is stored: while the store is locked the platform hears 503 and sends again, nothing is lost or doubled", async () => {
    await using setup = await startProxiedGateway({ store: { busyTimeoutMs: 20 } });
    const { gateway, proxy } = setup;
    const { simulator, model } = gateway;
    const first = await simulator.say({ from: "Ada", text: "before" });
    await simulator.waitFor(({ text }) => text === "before", first);
    const unlock = lockStore(gateway);
    await simulator.say({ from: "Ada", text: "during" });
    await eventually(() => proxy.passed.filter(({ status }) => status === 503).length >= 2);
    const refused = proxy.passed.find(({ status }) => status === 503);
    expect(JSON.parse(refused?.answer ?? "")).toMatchObject({ error: { code: "STORE_004", retryable: true } });
    expect(simulator.sent().map(({ text }) => text)).toEqual(["before"]);
    unlock();
    await simulator.waitFor(({ text }) => text === "during", first);
    await simulator.say({ from: "Ada", text: "after" });
    await simulator.waitFor(({ text }) => text === "after", first);
    expect(simulator.sent().map(({ text }) => text)).toEqual(["before", "during", "after"]);
    expect(model.requests.map(({ lastUserText }) => lastUserText)).toEqual(["before", "during", "after"]);
    expect(await peopleSaid(gateway, first.conversation)).toEqual(["before", "during", "after"]);
  });

  it("OPS-4 Q-1 /readyz names the store while it refuses what it is asked, and forgets it when that is over", async () => {
    const clock = new TestClock(1);
    await using gateway = await startTestGateway({ clock, agent: "echo", store: { busyTimeoutMs: 20 } });
    const readiness = async () => {
      const response = await fetch(`${gateway.url}/readyz`);
      return [response.status, await response.json()];
    };
    expect(await readiness()).toEqual([200, { ready: true }]);
    // It asks the store itself: nobody has to write first.
    const unlockAgain = lockStore(gateway);
    await eventually(async () => (await readiness())[0] === 503, { what: "noticed by itself" });
    unlockAgain();
    clock.jump(20_000);
    await eventually(async () => (await readiness())[0] === 200);
    const unlock = lockStore(gateway);
    const { conversation } = await gateway.simulator.say({ from: "Ada", text: "hello" });
    await eventually(() => gateway.log.text().includes("could not be stored"));
    expect(await readiness()).toEqual([503, { ready: false, failing: ["store"] }]);
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
    unlock();
    await gateway.simulator.waitFor(({ text }) => text.includes("hello"), { conversation });
    clock.jump(20_000);
    await eventually(async () => (await readiness())[0] === 200);
  });

  it("Q-1 oc#124193 polls again for what could not be stored", async () => {
    await using gateway = await startTestGateway({
      store: { busyTimeoutMs: 20 },
      account: { config: { pollPauseMs: 20 } },
    });
    const { simulator, model } = gateway;
    const unlock = lockStore(gateway);
    const { conversation } = await simulator.say({ from: "Ada", text: "first" });
    await simulator.say({ from: "Ada", text: "second" });
    await eventually(() => gateway.log.text().includes("could not be stored"));
    expect(model.count).toBe(0);
    unlock();
    await simulator.waitFor(({ text }) => text === "second", { conversation });
    expect(simulator.sent({ conversation }).map(({ text }) => text)).toEqual(["first", "second"]);
    expect(await peopleSaid(gateway, conversation)).toEqual(["first", "second"]);
  });

  it("Q-1 STORE_002 answers 507 when the disk is full, and takes everything once there is room again", {
    timeout: 180_000,
  }, async () => {
    await using setup = await startProxiedGateway({
      clock: new TestClock(10),
      store: { maxPages: 150 },
      // What waited is decided about at once when there is room again.
      config: { limits: { userBurst: 1_000 } },
    });
    const { gateway, proxy } = setup;
    const { simulator } = gateway;
    const page = "x".repeat(3_500);
    const texts: string[] = [];
    const full = () => proxy.passed.find(({ status }) => status === 507);
    await eventually(async () => {
      texts.push(`${texts.length + 1} ${page}`);
      await simulator.say({ from: "Ada", text: texts.at(-1) ?? "" });
      await sleep(20);
      return full();
    });
    expect(full()?.answer).toContain("STORE_002");
    await gateway.stop();
    await gateway.start({ store: {} });
    expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200);
    const { conversation } = await simulator.say({ from: "Ada", text: "the last one" });
    await simulator.waitFor(({ text }) => text === "the last one", { conversation, timeoutMs: 120_000 });
    expect(await peopleSaid(gateway, conversation)).toEqual([...texts, "the last one"]);
    for (const text of texts) expect(simulator.sent().some((sent) => sent.text.endsWith(text))).toBe(true);
  });
});
