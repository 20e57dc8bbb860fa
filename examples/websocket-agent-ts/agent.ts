/**
 * An agent that connects to the gateway by itself, with nothing but Node. Set GATEWAY_URL and AGENT_KEY. It repeats what
 * it is told; "later …" it answers later, "slowly …" piece by piece.
 */
interface Turn {
  readonly messages: readonly { readonly text: string }[];
  readonly reply?: { readonly token: string };
}

type Frame =
  | { readonly type: "ready"; readonly agent: string }
  | { readonly type: "turn"; readonly run: string; readonly event: { readonly id: string; readonly data: Turn } }
  | { readonly type: "cancel"; readonly run: string }
  | { readonly type: "result"; readonly id: string; readonly ok: boolean; readonly error?: { readonly code: string } }
  | { readonly type: "problem"; readonly error: { readonly message: string } };

const url = `${(process.env.GATEWAY_URL ?? "http://127.0.0.1:18789").replace(/^http/, "ws")}/agents/connect`;
const key = process.env.AGENT_KEY;
if (!key) throw new Error("Set AGENT_KEY to a key with the scope agents:run.");
const agent = process.env.AGENT_ID ?? "main";
/** Questions that were asked already. A real agent keeps them, with its answers, where they survive a restart. */
const known = new Map<string, Promise<string>>();
/** How long to wait before the next try to connect. */
let pauseMs = 500;

connect();

function connect(): void {
  // Node's own WebSocket takes headers; a browser's does not, and a key does not belong into a page.
  const socket = new WebSocket(url, { headers: { authorization: `Bearer ${key}` } } as never);
  const say = (frame: object) => socket.readyState === WebSocket.OPEN && socket.send(JSON.stringify(frame));
  const cancelled = new Set<string>();
  socket.onopen = () => say({ type: "ready", agent, turns: 4 });
  socket.onmessage = ({ data }) => {
    const frame = JSON.parse(String(data)) as Frame;
    if (frame.type === "ready") {
      pauseMs = 500;
      console.log(`connected as ${frame.agent}`);
    } else if (frame.type === "turn") {
      answer(frame.run, frame.event, say, () => cancelled.has(frame.run)).catch(() =>
        say({ type: "error", run: frame.run, retryable: true }),
      );
    } else if (frame.type === "cancel") cancelled.add(frame.run);
    else if (frame.type === "problem") console.error(frame.error.message);
    // Nobody waited for the answer yet, or the gateway was busy: once more.
    else if (!frame.ok && frame.error?.code === "SYS_001") setTimeout(bring, 1_000, frame.id, say);
  };
  socket.onclose = ({ code, reason }) => {
    console.log(`not connected: ${code} ${reason}`);
    setTimeout(connect, pauseMs);
    pauseMs = Math.min(30_000, pauseMs * 2);
  };
}

async function answer(
  run: string,
  { data: turn, id }: { readonly id: string; readonly data: Turn },
  say: (frame: object) => void,
  isCancelled: () => boolean,
): Promise<void> {
  const text = turn.messages.map((message) => message.text).join("\n");
  // The gateway asks again under the same id when it did not hear the answer: think once.
  let thought = known.get(id);
  if (!thought) {
    thought = think(text);
    known.set(id, thought);
  }
  if (text.startsWith("later ") && turn.reply) {
    say({ type: "later", run });
    owed.set(turn.reply.token, await thought);
    bring(turn.reply.token, say);
  } else if (text.startsWith("slowly ")) {
    for (const word of (await thought).split(/(?<= )/)) {
      if (isCancelled()) return;
      say({ type: "text", run, delta: word });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    say({ type: "done", run, answer: {} });
  } else say({ type: "done", run, answer: { text: await thought } });
}

/** Here a model would be asked. */
async function think(text: string): Promise<string> {
  return `You said: ${text}`;
}

/** Answers that were announced, by their tokens. */
const owed = new Map<string, string>();

function bring(token: string, say: (frame: object) => void): void {
  say({ type: "answer", id: token, token, answer: { text: owed.get(token) } });
}
