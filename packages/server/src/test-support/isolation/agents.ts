/** What a connected agent can say, asked over lines of the attacker's own agent. */
import { once } from "node:events";
import { AGENT_FRAMES, type FrameToAgent } from "@switchboard/protocol";
import type { WebSocket } from "ws";
import type { ConnectedAgent } from "../connected-agent.ts";
import type { Operation } from "./attack.ts";
import { agentOf, OUTSIDE } from "./belongings.ts";
import type { IsolationWorld } from "./world.ts";

/** A line ends with the tenth frame that makes no sense, and a key has so many calls a minute. */
const MOST_PROBLEMS = 8;
const MOST_CALLS = 1_000;
/** Frames are answered one after the other, so not every id is tried: those of runs and conversations, and of each form. */
const KINDS = ["tenant", "session", "agentSession", "turn", "agentTurn", "replyToken", "keySecret", "delivery"];

export interface AgentOperations extends AsyncDisposable {
  readonly operations: readonly Operation[];
}

/** One line at a time, and one frame after the other: what comes back is of the last one. */
export function agentOperations({ attacker, gateway }: Pick<IsolationWorld, "attacker" | "gateway">): AgentOperations {
  let agent: ConnectedAgent | undefined;
  let calls = 0;
  let problems = 0;
  let last: Promise<unknown> = Promise.resolve();
  const line = async () => {
    if (agent && !agent.ended && problems < MOST_PROBLEMS && calls < MOST_CALLS) return agent;
    await agent?.[Symbol.asyncDispose]();
    [problems, calls] = [0, 0];
    agent = await agentOf(gateway, attacker.owner);
    return agent;
  };

  async function say(frame: Readonly<Record<string, unknown>>): Promise<readonly FrameToAgent[]> {
    const current = await line();
    const { heard, socket } = current;
    const before = heard.length;
    const news = () => heard.slice(before);
    socket.send(JSON.stringify(frame));
    // An answer to this one comes after whatever the frame before it is answered with at once.
    socket.send(JSON.stringify({ type: "ready", agent: OUTSIDE, turns: 10 }));
    const isCall = frame.type === "send" || frame.type === "answer";
    const mine = (each: FrameToAgent) =>
      each.type === "problem" || (each.type === "result" && each.id === String(frame.id));
    const isAnswered = () => news().some(({ type }) => type === "ready") && (!isCall || news().some(mine));
    while (!current.ended && !isAnswered()) await heardMore(socket);
    calls += isCall ? 1 : 0;
    problems += news().filter(({ type }) => type === "problem").length;
    return news();
  }

  const operations = Object.entries(AGENT_FRAMES).map(
    ([type, schema]): Operation => ({
      name: `an agent's ${type}`,
      kinds: KINDS,
      schema,
      ask(request) {
        const answer = last.then(() => say({ ...(request as object), type }));
        last = answer.catch(() => {});
        return answer;
      },
    }),
  );
  return {
    operations,
    async [Symbol.asyncDispose]() {
      await agent?.[Symbol.asyncDispose]();
    },
  };
}

const PATIENCE_MS = 30_000;

/** Resolves with the next frame, or the end of the line. */
async function heardMore(socket: WebSocket): Promise<void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(PATIENCE_MS)]);
  try {
    await Promise.race([once(socket, "message", { signal }), once(socket, "close", { signal })]);
  } finally {
    stop.abort();
  }
}
