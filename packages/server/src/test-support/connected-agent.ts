/** An agent that connects to a gateway by itself, for tests: says what it is told to, and keeps what it hears. */
import { once } from "node:events";
import type { AgentFrame, FrameToAgent } from "@switchboard/protocol";
import { WebSocket } from "ws";
import { eventually } from "./eventually.ts";

type Heard<T extends FrameToAgent["type"]> = Extract<FrameToAgent, { type: T }>;
export type TurnFrame = Heard<"turn">;

export interface ConnectedAgent extends AsyncDisposable {
  /** Every frame so far. */
  readonly heard: readonly FrameToAgent[];
  readonly socket: WebSocket;
  /** Set once the line is closed. */
  readonly ended: { readonly code: number; readonly reason: string } | undefined;
  say(frame: AgentFrame): void;
  /** The next frame of that type that fits and was not waited for yet. */
  next<T extends FrameToAgent["type"]>(type: T, fits?: (frame: Heard<T>) => boolean): Promise<Heard<T>>;
  /** A turn whose newest message is this. */
  turn(text: string): Promise<TurnFrame>;
  closed(): Promise<{ readonly code: number; readonly reason: string }>;
}

export function agentAddress(url: string): string {
  return `${url.replace("http", "ws")}/agents/connect`;
}

/** Open, and through with `ready` unless `ready` is `false`. Rejects with the status that refused it. */
export async function connectAgent(
  { token, url }: { readonly url: string; readonly token: string },
  ready: false | Partial<AgentFrame<"ready">> = {},
): Promise<ConnectedAgent> {
  const socket = new WebSocket(agentAddress(url), { headers: { authorization: `Bearer ${token}` } });
  const heard: FrameToAgent[] = [];
  const waitedFor = new Set<FrameToAgent>();
  let ended: { code: number; reason: string } | undefined;
  socket.on("message", (data) => heard.push(JSON.parse(String(data)) as FrameToAgent));
  socket.on("close", (code, reason) => {
    ended = { code, reason: String(reason) };
  });
  await Promise.race([
    once(socket, "open"),
    once(socket, "unexpected-response").then(([, response]) => {
      socket.on("error", () => {});
      socket.terminate();
      throw new Error(`refused: ${response.statusCode}`);
    }),
  ]);
  socket.on("error", () => {});
  const agent: ConnectedAgent = {
    heard,
    socket,
    get ended() {
      return ended;
    },
    say: (frame) => socket.send(JSON.stringify(frame)),
    next: (type, fits = () => true) =>
      eventually(
        () => {
          const found = heard.find(
            (frame): frame is Heard<typeof type> =>
              frame.type === type && !waitedFor.has(frame) && fits(frame as Heard<typeof type>),
          );
          if (found) waitedFor.add(found);
          return found;
        },
        { what: `a frame ${type}` },
      ),
    turn: (text) => agent.next("turn", ({ event }) => event.data.messages.at(-1)?.text === text),
    closed: () => eventually(() => ended, { what: "the line closed" }),
    async [Symbol.asyncDispose]() {
      if (ended) return;
      socket.terminate();
      await agent.closed();
    },
  };
  if (ready !== false) {
    agent.say({ type: "ready", agent: "main", ...ready });
    await agent.next("ready");
  }
  return agent;
}
