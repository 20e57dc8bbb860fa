/** Changes to accounts that meet each other, or the start or end of the gateway. */
import { setImmediate as turnOfTheLoop } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { startTestEngine, type TestEngine } from "../test-support/engine.ts";
import { eventually } from "../test-support/eventually.ts";
import { type ScriptedPlatform, scriptedPlatform } from "../test-support/scripted-channel.ts";
import { TestClock } from "../test-support/test-clock.ts";

const live = ({ opened }: ScriptedPlatform) => opened.filter((each) => each.live);

async function started(platform: ScriptedPlatform): Promise<TestEngine> {
  return startTestEngine({ platform, clock: new TestClock() });
}

/** Accounts that a process before this one left behind, none of them connected. */
async function withAccounts(engine: TestEngine, count: number): Promise<string[]> {
  await engine.engine.accounts.stop();
  const ids = Array.from({ length: count }, (_, index) => `a${index}`);
  for (const id of ids) await engine.put(id);
  return ids;
}

describe("accounts that are changed", () => {
  it("CONN-1 changes that come at once leave one connection, that of the last one", async () => {
    const platform = scriptedPlatform();
    platform.script.disconnect = () => turnOfTheLoop();
    await using engine = await started(platform);
    await engine.put("a", "first");
    await eventually(() => live(platform).length === 1);
    await Promise.all(["second", "third", "fourth"].map((token) => engine.put("a", token)));
    await eventually(() => engine.engine.accounts.get(engine.ref("a"))?.connection);
    expect(live(platform).map(({ config }) => config.token)).toEqual(["fourth"]);
    const last = await engine.store.accounts.get(engine.ref("a"));
    expect(engine.engine.accounts.get(engine.ref("a"))?.row.sealed).toBe(last?.sealed);
  });

  it("CONN-1 TEN-8 an account that is removed while it is changed is gone, and so is its connection", async () => {
    const platform = scriptedPlatform();
    platform.script.disconnect = () => turnOfTheLoop();
    await using engine = await started(platform);
    await engine.put("a", "first");
    await eventually(() => live(platform).length === 1);
    const { accounts } = engine.engine;
    await Promise.all([
      engine.put("a", "second"),
      accounts.enable(engine.ref("a"), true),
      accounts.remove(engine.ref("a")),
    ]);
    expect(live(platform)).toEqual([]);
    expect(accounts.get(engine.ref("a"))).toBeUndefined();
    expect(await engine.store.accounts.get(engine.ref("a"))).toBeUndefined();
  });

  it("CONN-1 what was turned off last stays off, however quickly it came", async () => {
    const platform = scriptedPlatform();
    platform.script.disconnect = () => turnOfTheLoop();
    await using engine = await started(platform);
    await engine.put("a");
    await eventually(() => live(platform).length === 1);
    const { accounts } = engine.engine;
    await Promise.all([false, true, false].map((enabled) => accounts.enable(engine.ref("a"), enabled)));
    expect(live(platform)).toEqual([]);
    expect(await engine.store.accounts.get(engine.ref("a"))).toMatchObject({ enabled: false });
  });

  it("CONN-1 an account waiting for its turn to start is not started when it was disabled, removed or changed", async () => {
    const platform = scriptedPlatform();
    await using engine = await started(platform);
    const ids = await withAccounts(engine, 20);
    const gate = Promise.withResolvers<void>();
    platform.script.connect = () => gate.promise;
    const { accounts } = engine.engine;
    accounts.start();
    await eventually(() => platform.opened.length === 16);
    const [disabled = "", removed = "", changed = ""] = ids.slice(16);
    await accounts.enable(engine.ref(disabled), false);
    await accounts.remove(engine.ref(removed));
    await engine.put(changed, "other");
    gate.resolve();
    await eventually(() => live(platform).length === 18);
    await engine.engine.accounts.get(engine.ref(ids[19] ?? ""))?.supervisor.settled();
    const of = (account: string) => platform.opened.filter((each) => each.account === account);
    expect([disabled, removed].flatMap(of)).toEqual([]);
    expect(of(changed).map(({ config }) => config.token)).toEqual(["other"]);
  });

  it("OPS-1 a gateway that is stopped while its accounts start opens no more, and leaves none open", async () => {
    const platform = scriptedPlatform();
    await using engine = await started(platform);
    await withAccounts(engine, 40);
    const gate = Promise.withResolvers<void>();
    platform.script.connect = () => gate.promise;
    engine.engine.accounts.start();
    await eventually(() => platform.opened.length === 16);
    const stopped = engine.stop();
    gate.resolve();
    await stopped;
    expect(platform.opened).toHaveLength(16);
    expect(live(platform)).toEqual([]);
  });
});
