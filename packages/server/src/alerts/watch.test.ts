/** When somebody is told of an account, and how often: the engine on a real store, a platform that the test plays. */
import { SwitchboardError } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { startTestEngine } from "../test-support/engine.ts";
import { eventually } from "../test-support/eventually.ts";
import { scriptedPlatform } from "../test-support/scripted-channel.ts";
import { TestClock } from "../test-support/test-clock.ts";
import type { Alert } from "./alert.ts";
import { AlertWatch, type AlertWatchPorts } from "./watch.ts";

const MINUTE_MS = 60_000;
const AFTER_MS = 10 * MINUTE_MS;
const TELLING_MS = 5 * MINUTE_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** An account that is connected, and what is told of it. */
async function world() {
  const [platform, clock, told] = [scriptedPlatform(), new TestClock(), [] as Alert[]];
  let trouble: SwitchboardError | undefined;
  platform.script.connect = async () => {
    if (trouble) throw trouble;
  };
  let looks = 0;
  const test = await startTestEngine({
    platform,
    clock,
    store: (store) => ({
      ...store,
      accounts: {
        ...store.accounts,
        memoryGet(...args) {
          looks += 1;
          return store.accounts.memoryGet(...args);
        },
      },
    }),
  });
  const state = (account = "a") => test.engine.accounts.get(test.ref(account))?.supervisor.status().state;
  const watches: AlertWatch[] = [];
  await test.put("a");
  await eventually(() => state() === "CONNECTED", { what: "connected" });
  return {
    test,
    clock,
    told,
    state,
    types: () => told.map(({ type }) => type),
    watch(tell?: AlertWatchPorts["tell"]): AlertWatch {
      const { engine, log } = test;
      const hear = async (alert: Alert) => void told.push(alert);
      const ports = { engine, log, afterMs: AFTER_MS, tellingMs: TELLING_MS, tell: tell ?? hear };
      const watch = new AlertWatch(ports);
      watch.start();
      watches.push(watch);
      return watch;
    },
    async fall(error = new SwitchboardError("CONN_001", "Gone.")): Promise<void> {
      trouble = error;
      for (const each of platform.opened) if (each.live) each.lose(error);
      await eventually(() => ["ERROR", "PERMANENTLY_FAILED"].includes(state() ?? ""), { what: "fallen" });
    },
    async recover(): Promise<void> {
      trouble = undefined;
      await eventually(() => ["ERROR", "CONNECTED"].includes(state() ?? ""), { what: "it waits to connect" });
      clock.jump(MINUTE_MS);
      await eventually(() => state() === "CONNECTED", { what: "connected again" });
    },
    /** Lets time pass until it was decided whether to tell something. */
    async decided(ms: number): Promise<void> {
      const before = looks;
      clock.jump(ms);
      await eventually(() => looks > before, { what: "decided" });
    },
    /** Until that many were told. */
    heard: (count: number) => eventually(() => told.length >= count, { what: `${count} alerts` }),
    async [Symbol.asyncDispose]() {
      await Promise.all(watches.map((watch) => watch.stop()));
      await test[Symbol.asyncDispose]();
    },
  };
}

describe.concurrent("TEN-5 alerts", () => {
  it("TEN-5 a fall is told once when it lasts, and once that it is over; of a short one nobody hears", async () => {
    await using it = await world();
    it.watch();
    await it.fall();
    await it.recover();
    it.clock.jump(AFTER_MS);
    await it.fall(new SwitchboardError("CONN_007", "Silent."));
    const fellAt = it.clock.now();
    it.clock.jump(AFTER_MS);
    await it.heard(1);
    await it.recover();
    it.clock.jump(AFTER_MS);
    await it.heard(2);
    expect(it.told).toMatchObject([
      { type: "down", account: "a", code: "CONN_007" },
      { type: "back", account: "a", state: "CONNECTED" },
    ]);
    expect(it.told[0]?.since).toBeLessThanOrEqual(fellAt);
    const { rows } = await it.test.store.audit.list(it.test.ref("a").tenant, { limit: 10 });
    expect(rows.map(({ action }) => action)).toEqual(["account.returned", "account.fell"]);
  });

  it("TEN-5 a credential that is refused is told at once; an account that never worked is not", async () => {
    await using it = await world();
    it.watch();
    await it.fall(new SwitchboardError("CONN_002", "Refused."));
    await it.test.put("never");
    await eventually(() => it.state("never") === "PERMANENTLY_FAILED");
    await it.heard(1);
    it.clock.jump(AFTER_MS);
    await it.test.engine.accounts.enable(it.test.ref("a"), false);
    expect(it.told).toMatchObject([{ type: "down", account: "a", code: "CONN_002", state: "PERMANENTLY_FAILED" }]);
  });

  it("TEN-5 of an account that falls again and again one fall an hour is told, and the one that lasts after that", async () => {
    await using it = await world();
    it.watch();
    await it.fall();
    it.clock.jump(AFTER_MS);
    await it.heard(1);
    await it.recover();
    it.clock.jump(AFTER_MS);
    await it.heard(2);
    await it.fall();
    await it.decided(AFTER_MS);
    await it.recover();
    const workedAt = it.clock.now();
    await it.fall();
    it.clock.jump(HOUR_MS);
    await it.heard(3);
    expect(it.types()).toEqual(["down", "back", "down"]);
    // Not the one between them.
    expect(it.told[2]?.since).toBeGreaterThanOrEqual(workedAt);
  });

  it("TEN-5 TEN-7 several watches tell it once, and one that starts later does not tell it again", async () => {
    await using it = await world();
    const first = [it.watch(), it.watch(), it.watch()];
    await it.fall();
    it.clock.jump(AFTER_MS);
    await it.heard(1);
    await Promise.all(first.map((watch) => watch.stop()));
    it.watch();
    it.clock.jump(AFTER_MS);
    await it.recover();
    it.clock.jump(AFTER_MS);
    await it.heard(2);
    it.clock.jump(HOUR_MS);
    await it.fall();
    it.clock.jump(AFTER_MS);
    await it.heard(3);
    expect(it.types()).toEqual(["down", "back", "down"]);
  });

  it("TEN-5 what a process was telling when it ended, the next one tells under the same id", async () => {
    await using it = await world();
    const begun: Alert[] = [];
    const ending = it.watch(async (alert, signal) => {
      begun.push(alert);
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    });
    await it.fall();
    it.clock.jump(AFTER_MS);
    await eventually(() => begun.length === 1);
    await ending.stop();
    it.watch();
    it.clock.jump(AFTER_MS + TELLING_MS);
    await it.heard(1);
    expect(it.told.map(({ id, type }) => [id, type])).toEqual([[begun[0]?.id, "down"]]);
    const { rows } = await it.test.store.audit.list(it.test.ref("a").tenant, { limit: 10 });
    expect(rows.map(({ action }) => action)).toEqual(["account.fell"]);
  });

  it("TEN-5 what somebody turns off has not fallen, and what they turn on again is not back", async () => {
    await using it = await world();
    const { accounts } = it.test.engine;
    it.watch();
    await accounts.enable(it.test.ref("a"), false);
    it.clock.jump(AFTER_MS);
    await accounts.enable(it.test.ref("a"), true);
    await it.recover();
    await it.fall();
    it.clock.jump(AFTER_MS);
    await it.heard(1);
    await accounts.enable(it.test.ref("a"), false);
    const kept = () => it.test.store.accounts.memoryGet(it.test.ref("a"), "gateway/alert", it.clock.now());
    await eventually(async () => (await kept())?.includes('"off"'), { what: "it is known to be off" });
    const enabling = accounts.enable(it.test.ref("a"), true);
    await it.recover();
    await enabling;
    it.clock.jump(HOUR_MS);
    await it.fall();
    it.clock.jump(AFTER_MS);
    await it.heard(2);
    expect(it.types()).toEqual(["down", "down"]);
  });
});
