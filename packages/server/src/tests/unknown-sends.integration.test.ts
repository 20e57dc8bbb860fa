/** Sends without an answer, where the platform can be asked what became of them. */
import { type Connection, DEFAULT_TENANT, type MessageId, SwitchboardError } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { startTestEngine } from "../test-support/engine.ts";
import { eventually } from "../test-support/eventually.ts";
import { scriptedAgent } from "../test-support/scripted-agent.ts";
import { said, scriptedPlatform } from "../test-support/scripted-channel.ts";
import { TestClock } from "../test-support/test-clock.ts";

type Reconcile = NonNullable<Connection["reconcile"]>;

const ARRIVED = { arrived: { messageIds: ["m-1" as MessageId] } };

/** No send gets an answer; the platform is asked after each, and says what `answers` has, the last one again and again. */
async function unanswered(answers: readonly (() => Awaited<ReturnType<Reconcile>>)[], settings = {}) {
  const platform = scriptedPlatform({ reconciles: true });
  const asked: number[] = [];
  const texts: string[] = [];
  let tries = 0;
  platform.script.send = async (_target, { preview }) => {
    tries += 1;
    texts.push(preview);
    throw new SwitchboardError("CONN_001", "The line was cut.", { scope: "message", delivered: "unknown" });
  };
  platform.script.reconcile = async () => {
    asked.push(tries);
    return answers[Math.min(asked.length, answers.length) - 1]?.();
  };
  const clock = new TestClock(50);
  const test = await startTestEngine({ platform, clock, agents: scriptedAgent() });
  await test.put("a", "token", settings);
  await test.receive("a", said("1", "Ada", "hello", clock.now()));
  const settled = async () => {
    const { rows } = await test.store.outbox.list(DEFAULT_TENANT, {});
    return rows.find(({ state }) => state === "sent" || state === "dead");
  };
  const row = await eventually(settled, { what: "the delivery's end" });
  return { test, row, asked, texts, tries: () => tries };
}

describe.concurrent("Q-6 a send without an answer", () => {
  it("is asked about after the last attempt, too, and what arrived is no dead letter", async () => {
    const { asked, row, test, tries } = await unanswered([() => undefined, () => undefined, () => ARRIVED]);
    await using _ = test;
    expect(row).toMatchObject({ state: "sent", messageIds: ["m-1"] });
    expect(tries()).toBe(3);
    expect(asked).toEqual([1, 2, 3]);
    expect((await test.store.deadLetters.list(DEFAULT_TENANT, {})).rows).toEqual([]);
  });

  it("is given up only when the platform could be asked", async () => {
    const silent = () => {
      throw new SwitchboardError("CONN_001", "The platform is away.");
    };
    const { row, test, tries } = await unanswered([silent, silent, silent, silent, silent, () => ARRIVED]);
    await using _ = test;
    expect(row).toMatchObject({ state: "sent" });
    // It was asked about again, and not sent again.
    expect(tries()).toBe(3);
  });

  it("keeps its own error while the platform cannot be asked", async () => {
    const silent = () => {
      throw new SwitchboardError("CONN_001", "The platform is away.");
    };
    const { row, test } = await unanswered([silent, silent, silent, silent, () => undefined]);
    await using _ = test;
    expect(row).toMatchObject({ state: "dead", error: { message: "The line was cut.", delivered: "unknown" } });
  });

  it("is given up when asking meets a defect: the lane goes on", async () => {
    const broken = () => {
      throw new TypeError("undefined is not a function");
    };
    const { asked, row, test } = await unanswered([broken]);
    await using _ = test;
    expect(row).toMatchObject({ state: "dead", error: { message: "The line was cut.", delivered: "unknown" } });
    expect(asked).toEqual([1, 2, 3]);
  });

  it("is a dead letter when its attempts are used up and it is surely not there", async () => {
    const { row, test, tries } = await unanswered([() => ({ arrived: false })]);
    await using _ = test;
    expect(row.state).toBe("dead");
    expect(tries()).toBe(3);
    const { rows } = await test.store.deadLetters.list(DEFAULT_TENANT, {});
    expect(rows).toMatchObject([{ kind: "delivery", error: { code: "CONN_001", message: "The line was cut." } }]);
    expect(rows[0]?.error.delivered).toBeUndefined();
  });

  it("stays a possible repeat when only its last attempt surely failed", async () => {
    const { row, test, texts } = await unanswered([() => undefined, () => ({ arrived: false })]);
    await using _ = test;
    expect(texts).toEqual(["hello", "again: hello", "again: hello"]);
    expect(row).toMatchObject({ state: "dead", error: { delivered: "unknown" } });
  });

  it("is asked about before it is held for a person, and held when nobody can tell", async () => {
    const hold = { unknownSends: "hold" };
    const found = await unanswered([() => ARRIVED], hold);
    await using _ = found.test;
    expect(found.row.state).toBe("sent");
    const held = await unanswered([() => undefined], hold);
    await using __ = held.test;
    expect(held.row).toMatchObject({ state: "dead", error: { code: "MSG_007" } });
    expect(held.tries()).toBe(1);
  });
});
