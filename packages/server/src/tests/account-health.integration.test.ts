/** What counts as a sign of health: of a connection, and of the sends on it. */
import { type ConversationId, SwitchboardError } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { startTestEngine, type TestEngine } from "../test-support/engine.ts";
import { eventually } from "../test-support/eventually.ts";
import { scriptedPlatform } from "../test-support/scripted-channel.ts";
import { TestClock } from "../test-support/test-clock.ts";

const outage = (delivered: "no" | "unknown" = "no") =>
  new SwitchboardError("MSG_002", "The platform is out of order.", { delivered });
const people = ["p1", "p2", "p3", "p4", "p5"];

const statusOf = ({ engine, ref }: TestEngine) => engine.accounts.require(ref("a")).supervisor.status();
const failuresIn = ({ log }: TestEngine) => log.lines.filter(({ message }) => message === "connection failed");
const openings = ({ log }: TestEngine) =>
  log.lines.filter(({ message }) => message.startsWith("Sends of this account"));

async function connected(engine: TestEngine): Promise<void> {
  await engine.put("a");
  await eventually(() => statusOf(engine).state === "CONNECTED");
}

describe.concurrent("a connection that does not last", () => {
  it("CONN-2 oc#50913 one that dies as soon as it stands is looked for ever more rarely, and given up after ten times", async () => {
    const platform = scriptedPlatform();
    platform.script.connect = async ({ lose }) => lose(new SwitchboardError("CONN_001", "Another took over."));
    await using engine = await startTestEngine({ platform, clock: new TestClock(200) });
    await engine.put("a");
    await eventually(() => statusOf(engine).state === "PERMANENTLY_FAILED");
    const delays = failuresIn(engine).map(({ fields }) => Number(fields.delay));
    expect(failuresIn(engine).map(({ fields }) => fields.attempt)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    for (const [index, delay] of delays.slice(0, 10).entries()) {
      expect(delay).toBeGreaterThanOrEqual(Math.min(60_000, 1_000 * 2 ** index) * 0.9);
    }
    expect(platform.opened).toHaveLength(11);
  });

  it("CONN-2 one that has stood and answered a probe starts to count anew", async () => {
    const platform = scriptedPlatform();
    const lost = new SwitchboardError("CONN_001", "Gone.");
    platform.script.connect = async ({ lose }) => {
      if (platform.opened.length <= 3) lose(lost);
    };
    platform.script.probe = async () => ({ kind: "probe", at: 1 });
    await using engine = await startTestEngine({ platform, clock: new TestClock(100) });
    await engine.put("a");
    await eventually(() => statusOf(engine).times.lastProbeAt);
    platform.opened.at(-1)?.lose(lost);
    await eventually(() => failuresIn(engine).length === 4);
    expect(failuresIn(engine).map(({ fields }) => fields.attempt)).toEqual([1, 2, 3, 1]);
  });
});

describe.concurrent("sends that fail in a row", () => {
  it("CONN-2 CONN_006 one conversation that always fails does not stop the others of its account", async () => {
    const platform = scriptedPlatform();
    platform.script.send = async ({ conversation }) => {
      if (conversation === ("poison" as ConversationId)) throw outage();
      return undefined;
    };
    await using engine = await startTestEngine({ platform, clock: new TestClock(50) });
    await connected(engine);
    await engine.post("a", ["poison", "one"], ["poison", "two"], ["poison", "three"]);
    await eventually(async () => (await engine.store.upkeep.stats(0)).deadLetters === 3);
    expect(openings(engine)).toEqual([]);
    expect(statusOf(engine).breaker).toBe("closed");
    await engine.post("a", ["fine", "hello"]);
    await eventually(() => platform.sent.length === 1);
  });

  it("CONN-2 CONN_006 a reconnect says nothing about sends: the circuit stays open until one goes well", async () => {
    const platform = scriptedPlatform();
    platform.script.send = async () => {
      throw outage();
    };
    const clock = new TestClock();
    await using engine = await startTestEngine({ platform, clock });
    await connected(engine);
    await engine.post("a", ...people.map((each) => [each, "hello"] as const));
    await eventually(() => openings(engine).length > 0);
    const { accounts } = engine.engine;
    await accounts.enable(engine.ref("a"), false);
    await accounts.enable(engine.ref("a"), true);
    await eventually(() => statusOf(engine).state === "CONNECTED");
    expect(statusOf(engine).breaker).not.toBe("closed");
    delete platform.script.send;
    clock.jump(60_000);
    await eventually(() => platform.sent.length === people.length);
    expect(statusOf(engine).breaker).toBe("closed");
  });

  it.each(["STORE_002", "SYS_005"] as const)(
    "CONN-2 Q-6 a trial that the store ends with %s leaves the circuit free for the next one",
    async (code) => {
      const platform = scriptedPlatform();
      platform.script.send = async () => {
        throw outage("unknown");
      };
      let failing = 1;
      await using engine = await startTestEngine({
        platform,
        clock: new TestClock(50),
        store: (store) => ({
          ...store,
          outbox: {
            ...store.outbox,
            async begin(...args) {
              if (failing-- > 0) throw new SwitchboardError(code, "The store cannot.");
              return store.outbox.begin(...args);
            },
          },
        }),
      });
      await connected(engine);
      await engine.post("a", ...people.map((each) => [each, "hello"] as const));
      await eventually(() => openings(engine).length > 0);
      delete platform.script.send;
      await eventually(() => platform.sent.length >= people.length - 1);
      expect(failing).toBeLessThan(1);
      expect(statusOf(engine).breaker).toBe("closed");
    },
  );
});
