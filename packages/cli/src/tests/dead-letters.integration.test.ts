import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startWorld, type World } from "../test-support/world.ts";

// Each command is a process, which takes a busy machine seconds.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

interface Letters {
  readonly deadLetters: readonly {
    readonly id: string;
    readonly kind: string;
    readonly subject: string;
    readonly preview?: string;
    readonly resolution?: string;
    readonly error: { readonly code: string };
  }[];
}

interface Replayed {
  readonly id: string;
  readonly replayed: boolean;
  readonly trace?: { readonly summary: string; readonly steps: readonly { readonly step: string }[] };
}

describe("switchboard dead-letters", () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  const letters = async (...more: readonly string[]) =>
    (await world.ask<Letters>("dead-letters", "list", ...more)).deadLetters;

  async function letterOf(kind: string, preview: string) {
    let found: Letters["deadLetters"][number] | undefined;
    await expect
      .poll(
        async () => {
          found = (await letters("--kind", kind)).find((each) => each.preview === preview);
          return found !== undefined;
        },
        { timeout: 15_000, interval: 100 },
      )
      .toBe(true);
    if (!found) throw new Error("no dead letter");
    return found;
  }

  it("Q-3 oc#109911 oc#102279 replay brings back a message whose agent and platform had failed; the trace shows each step", async () => {
    const { simulator, model } = world;
    model.next({ type: "error", status: 401, message: "Incorrect API key" });
    const { conversation } = await simulator.say({ from: "Ada", text: "bring me back" });
    await simulator.waitFor(({ text }) => text.includes("AGENT_006"), { conversation });

    // First the agent had failed.
    const first = await letterOf("turn", "bring me back");
    expect(first.error.code).toBe("AGENT_006");
    const shown = await world.run(["dead-letters", "show", first.id]);
    expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining("bring me back")]);

    // Replayed it is answered, and now the platform fails.
    simulator.inject({ on: "send", kind: "forbidden", times: 1, conversation: conversation });
    const [answered] = await world.ask<Replayed[]>("dead-letters", "replay", first.id, "--wait", "20");
    expect(answered).toMatchObject({ id: first.id, replayed: true });
    expect(answered?.trace?.summary).toContain("dead");
    const second = await letterOf("delivery", "bring me back");
    expect(second.error.code).toBe("MSG_004");
    expect(simulator.sent({ conversation }).some(({ text }) => text === "bring me back")).toBe(false);

    const replay = await world.run(["dead-letters", "replay", second.id, "--wait", "20"]);
    expect(replay.code).toBe(0);
    await simulator.waitFor(({ text }) => text === "bring me back", { conversation });
    expect(simulator.sent({ conversation }).filter(({ text }) => text === "bring me back")).toHaveLength(1);
    expect(replay.stdout).toContain(`${second.id} is back to work`);
    expect(replay.stdout).toContain("sent");

    // From any of its ids one sees the whole way.
    const { stdout } = await world.run(["trace", second.subject]);
    const names = stdout.split("\n").flatMap((line) => /\+-?\d+ ms {2}(\S+)/.exec(line)?.[1] ?? []);
    const inOrder = [
      "received",
      "admitted",
      "queued",
      "dead-letter",
      "replayed",
      "started",
      "done",
      "sending",
      "failed",
    ];
    let at = -1;
    for (const name of [...inOrder, "dead-letter", "replayed", "sending", "sent"]) {
      at = names.indexOf(name, at + 1);
      expect({ name, found: at >= 0, names }).toMatchObject({ found: true });
    }
    expect(await letters()).toEqual([]);
    const resolved = await letters("--resolved");
    expect(resolved.map(({ resolution }) => resolution)).toEqual(["replayed", "replayed"]);
    const again = await world.run(["dead-letters", "replay", first.id]);
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining("was resolved before")]);
  });

  it("Q-3 discard decides that a message is not wanted; it is never sent and stays readable", async () => {
    const { simulator } = world;
    const { conversation } = await simulator.say({ from: "Bob", text: "hello" });
    await simulator.waitFor(({ text }) => text === "hello", { conversation });
    simulator.inject({ on: "send", kind: "forbidden", times: 1, conversation: conversation });
    await simulator.say({ from: "Bob", text: "not wanted" });
    const letter = await letterOf("delivery", "not wanted");
    const discarded = await world.run(["dead-letters", "discard", letter.id]);
    expect([discarded.code, discarded.stdout]).toEqual([0, expect.stringContaining("discarded")]);
    expect(await letters()).toEqual([]);
    const replay = await world.ask<Replayed[]>("dead-letters", "replay", letter.id);
    expect(replay).toMatchObject([{ replayed: false }]);
    expect((await world.run(["dead-letters", "show", letter.id])).stdout).toContain("not wanted");
    expect(simulator.sent({ conversation }).some(({ text }) => text === "not wanted")).toBe(false);
  });

  it("Q-3 a message that failed before the gateway ended is brought back by one command while it is stopped", async () => {
    await using own = await startWorld();
    const { simulator, model } = own;
    model.next({ type: "error", status: 401, message: "Incorrect API key" });
    const { conversation } = await simulator.say({ from: "Cem", text: "later then" });
    await simulator.waitFor(({ text }) => text.includes("AGENT_006"), { conversation });
    expect(await own.process.stop()).toBe(true);
    const { deadLetters } = await own.ask<Letters>("dead-letters", "list");
    const [replayed] = await own.ask<Replayed[]>("dead-letters", "replay", deadLetters[0]?.id ?? "");
    expect(replayed?.replayed).toBe(true);
    await own.restart();
    await simulator.waitFor(({ text }) => text === "later then", { conversation });
  });
});
