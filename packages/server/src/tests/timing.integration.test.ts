/** Time limits and times that are measured follow the gateway's own clock. */
import { once } from "node:events";
import type { AgentRuntime } from "@switchboard/core";
import { DEFAULT_TENANT } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { startTestEngine, type TestEngine } from "../test-support/engine.ts";
import { eventually } from "../test-support/eventually.ts";
import { said, scriptedPlatform } from "../test-support/scripted-channel.ts";
import { TestClock } from "../test-support/test-clock.ts";

async function connected(engine: TestEngine): Promise<void> {
  await engine.put("a");
  await eventually(() => engine.engine.accounts.get(engine.ref("a"))?.connection);
}

describe.concurrent("time", () => {
  it("CONN-5 an answer's latency counts from the message that caused it, the agent's time included", async () => {
    const clock = new TestClock();
    const measured: number[] = [];
    const thinks: AgentRuntime = {
      async *run() {
        clock.jump(7_000);
        yield { type: "text", delta: "done" };
        yield { type: "finish", reason: "stop" };
      },
    };
    await using engine = await startTestEngine({
      platform: scriptedPlatform(),
      clock,
      agents: { runtimeFor: async () => thinks },
      telemetry: { answered: (_ref, ms) => measured.push(ms) },
    });
    await connected(engine);
    await engine.post("a", ["Bob", "nobody asked for this"]);
    await engine.receive("a", said("1", "Ada", "think", clock.now()));
    await eventually(() => measured.length > 0);
    await engine.receive("a", said("2", "Ada", "/status", clock.now()));
    await eventually(() => measured.length > 1);
    const [answer = 0, reply = Number.POSITIVE_INFINITY] = measured;
    expect(answer).toBeGreaterThanOrEqual(7_000);
    expect(reply).toBeLessThan(answer);
    const { rows } = await engine.store.outbox.list(DEFAULT_TENANT, {});
    expect(rows.filter(({ state }) => state === "sent")).toHaveLength(3);
    expect(measured).toHaveLength(2);
  });

  it("Q-6 MSG_002 a send that never ends is of unknown fate when its time is over", async () => {
    const clock = new TestClock();
    const platform = scriptedPlatform();
    const asked = Promise.withResolvers<AbortSignal>();
    platform.script.send = async (_target, _part, signal) => {
      asked.resolve(signal);
      await once(signal, "abort");
      throw signal.reason;
    };
    await using engine = await startTestEngine({ platform, clock });
    await connected(engine);
    await engine.post("a", ["Ada", "hello"]);
    await asked.promise;
    delete platform.script.send;
    clock.jump(121_000);
    await eventually(() => engine.log.lines.some(({ message }) => message.startsWith("a send failed")));
    const { rows } = await engine.store.outbox.list(DEFAULT_TENANT, {});
    expect(rows[0]).toMatchObject({ error: { code: "MSG_002", delivered: "unknown" } });
    clock.jump(60_000);
    await eventually(() => platform.sent.length === 1);
  });

  it("CONN-2 a platform that answers no probe in time is lost after two", async () => {
    const clock = new TestClock();
    const platform = scriptedPlatform();
    let probes = 0;
    platform.script.probe = async (signal) => {
      probes += 1;
      await once(signal, "abort");
      throw signal.reason;
    };
    await using engine = await startTestEngine({ platform, clock });
    await connected(engine);
    const { supervisor } = engine.engine.accounts.require(engine.ref("a"));
    for (const count of [1, 2]) {
      await eventually(() => {
        if (probes < count) clock.jump(31_000);
        return probes === count;
      });
      clock.jump(16_000);
    }
    await eventually(() => supervisor.status().reconnects === 1);
    expect(supervisor.status().lastError).toMatchObject({ code: "CONN_001" });
  });
});
