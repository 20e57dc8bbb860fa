/** An agent that connects by itself, and a gateway that is killed. */
import { once } from "node:events";
import type { FrameToAgent } from "@switchboard/protocol";
import { describe, expect, it, vi } from "vitest";
import { startWorld, TOKEN, type World } from "../test-support/world.ts";

// Each gateway is a process, which takes a busy machine seconds.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

type TurnFrame = Extract<FrameToAgent, { type: "turn" }>;
const isTurn = (frame: FrameToAgent): frame is TurnFrame => frame.type === "turn";
const newest = ({ event }: TurnFrame) => event.data.messages.at(-1)?.text;

async function connected({ url }: World) {
  const address = `${url.replace("http", "ws")}/agents/connect`;
  const socket = new WebSocket(address, { headers: { authorization: `Bearer ${TOKEN}` } } as never);
  const heard: FrameToAgent[] = [];
  socket.addEventListener("message", ({ data }) => heard.push(JSON.parse(String(data)) as FrameToAgent));
  const ended = once(socket, "close");
  await once(socket, "open");
  const say = (frame: object) => socket.send(JSON.stringify(frame));
  say({ type: "ready", agent: "main", turns: 1 });
  const turn = async (text: string) => {
    const asked = () => heard.find((frame): frame is TurnFrame => isTurn(frame) && newest(frame) === text);
    await expect.poll(asked, { timeout: 60_000, interval: 20 }).toBeDefined();
    return asked();
  };
  return { ended, say, turn, close: () => socket.close() };
}

describe("an agent that connects by itself", () => {
  it("Q-6 TEN-6 kill -9 of the gateway in the middle of its answer: the next process asks it the same, and what waited, too", async () => {
    await using world = await startWorld({ agents: [{ id: "main", runtime: "websocket" }] });
    const { simulator } = world;
    const first = await connected(world);
    const { conversation } = await simulator.say({ from: "Ada", text: "survive this" });
    const begun = await first.turn("survive this");
    first.say({ type: "thinking", run: begun?.run, delta: "hm" });
    await simulator.say({ from: "Bob", text: "and this" });
    await world.process.kill();
    await first.ended;
    await world.restart();
    const second = await connected(world);
    const again = await second.turn("survive this");
    expect(again?.event.id).toBe(begun?.event.id);
    second.say({ type: "done", run: again?.run, answer: { text: "survived" } });
    await simulator.waitFor(({ text }) => text === "survived", { conversation, timeoutMs: 60_000 });
    const other = await second.turn("and this");
    second.say({ type: "done", run: other?.run, answer: { text: "as well" } });
    await simulator.waitFor(({ text }) => text === "as well", { timeoutMs: 60_000 });
    expect(simulator.sent({}).map(({ text }) => text)).toEqual(["survived", "as well"]);
    const { stdout } = await world.run(["status"]);
    expect(stdout).toContain("agent main: 1 connected");
    second.close();
  });
});
