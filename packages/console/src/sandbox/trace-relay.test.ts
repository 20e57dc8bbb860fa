/** The trace hears everything, over kills and restarts of the real gateway. */
import { type SandboxState, startSandbox, type TracedMessage } from "@switchboard/sandbox";
import { fullestChannel } from "@switchboard/testkit/gateway-process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildIfStale } from "../../build-if-stale.ts";
import { PATIENT } from "../test-support/chromium.ts";
import { PAGES, type SandboxWorld, startSandboxWorld } from "../test-support/sandbox.ts";

describe("Q-6 the trace over the gateway's deaths", () => {
  let world: SandboxWorld;
  let channel: string;

  beforeAll(async () => {
    await buildIfStale();
    channel = (await fullestChannel()).id;
    world = await startSandboxWorld();
  }, 60_000);
  afterAll(() => world?.[Symbol.asyncDispose]());

  const state = async () => (await (await fetch(`${world.sandbox.url}/api/state`)).json()) as SandboxState;
  const find = async (text: string) => (await state()).messages.filter(({ preview }) => preview === text);
  const steps = (message: TracedMessage | undefined) => message?.steps.map(({ step }) => step) ?? [];
  /** One that is polled: it has what was said before the gateway came. */
  const platform = () => {
    const found = world.platforms.find(({ id }) => id === channel);
    if (!found) throw new Error("No simulator is installed.");
    return found;
  };
  const say = (text: string) => platform().simulator.say({ from: "Ada", text });
  /** Resolves with the message once its answer is sent, not only a draft of it. */
  const sent = async (text: string) => {
    const isSent = async () => {
      const all = (await find(text)).flatMap(steps);
      return all.includes("done") && all.at(-1) === "sent";
    };
    await expect.poll(isSent, { timeout: 30_000 }).toBe(true);
    const found = await find(text);
    expect(found).toHaveLength(1);
    return found[0];
  };

  it("Q-6 a message's steps are heard as they happen, from received to sent", { timeout: 60_000 }, async () => {
    await say("while all is well");
    const message = await sent("while all is well");
    expect(message?.channel).toBe(platform().id);
    expect(steps(message)).toEqual(
      expect.arrayContaining(["received", "admitted", "queued", "started", "done", "sending", "sent"]),
    );
    const full = await fetch(`${world.sandbox.url}/api/trace/${message?.ids[0]}`);
    const { events, preview } = (await full.json()) as { events: string[]; preview: string };
    expect([preview, events.length]).toEqual(["while all is well", 1]);
    expect(message?.ids).toEqual(expect.arrayContaining(events));
    const unknown = await fetch(`${world.sandbox.url}/api/trace/evt_never`);
    expect(unknown.status).toBe(404);
  });

  it("Q-6 after kill -9 it connects again by itself and completes what it missed", { timeout: 60_000 }, async () => {
    const { gateway } = world;
    await say("demo stream");
    await expect.poll(async () => (await find("demo stream")).flatMap(steps), PATIENT).toContain("started");
    await gateway.kill();
    expect((await state()).gateway).toMatchObject({ state: "down", starts: 1 });
    // What was heard before stays readable.
    expect(steps((await find("demo stream"))[0])).toContain("received");
    await say("said to the dead");
    await gateway.start();
    expect((await state()).gateway).toMatchObject({ state: "running", starts: 2 });
    const broken = await sent("demo stream");
    expect(steps(broken).filter((step) => step === "started")).toHaveLength(2);
    expect(steps(broken).filter((step) => step === "done")).toHaveLength(1);
    expect(steps(await sent("said to the dead"))).toContain("received");
  });

  it("Q-6 three restarts in a row leave one line for each message", { timeout: 60_000 }, async () => {
    for (const round of [1, 2, 3]) {
      await world.gateway.restart();
      await say(`round ${round}`);
      await sent(`round ${round}`);
    }
    expect((await state()).gateway.starts).toBe(5);
    expect((await state()).messages.filter(({ preview }) => preview?.startsWith("round"))).toHaveLength(3);
  });

  it("Q-6 a sandbox that is started anew shows what was before, newest last", { timeout: 60_000 }, async () => {
    const again = await startSandbox({ simulators: [], gateway: world.gateway, pages: PAGES });
    try {
      const previews = async () => {
        const { messages } = (await (await fetch(`${again.url}/api/state`)).json()) as SandboxState;
        return messages.map(({ preview }) => preview);
      };
      await expect
        .poll(previews, PATIENT)
        .toEqual(["while all is well", "demo stream", "said to the dead", "round 1", "round 2", "round 3"]);
    } finally {
      await again.close();
    }
  });
});
