/** Attacks by number and by patience: floods of sockets, senders of one byte at a time, odd HTTP. */
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "../../long-run/random.ts";
import { type Arena, type Insider, PATIENCE_MS } from "../arena.ts";
import { question } from "../ask.ts";
import { hostileText, randomBytes, somewhere } from "../hostile.ts";
import { frameBytes, type Line, opening } from "../line.ts";
import { type Attack, LISTEN_MS } from "./attack.ts";

/** Sockets that a flood opens at the same moment. */
const AT_ONCE = 50;
/** Fewer than may stand at the door from one address. */
const AT_ONCE_CONNECTED = 12;

export const floods: Attack = {
  name: "floods of sockets",
  weight: 1,
  async run(arena, random, { connections, over }) {
    const one = random.chance(0.3) ? somewhere(random) : undefined;
    const lines: Line[] = [];
    for (let opened = 0; opened < connections && !over.aborted; opened += AT_ONCE) {
      const some = Array.from({ length: Math.min(AT_ONCE, connections - opened) }, () =>
        arena.open({ who: "one of a flood" }, { ip: one ?? somewhere(random) }),
      );
      lines.push(...(await Promise.all(some)).filter((line) => line !== undefined));
    }
    if (random.chance(0.5)) for (const line of lines) line.say("{");
    for (const line of lines) line.drop();
  },
};

/** Thousands who may come in, and do: all connected at the same time, each with a question. */
export const crowds: Attack = {
  name: "crowds that connect",
  weight: 0.3,
  async run(arena, _random, { connections, over }) {
    const crowd: Insider[] = [];
    for (let joined = 0; joined < connections && !over.aborted; joined += AT_ONCE_CONNECTED) {
      const some = Array.from({ length: Math.min(AT_ONCE_CONNECTED, connections - joined) }, () =>
        arena.operator(["operator.read"]),
      );
      crowd.push(...(await Promise.all(some)).filter((insider) => insider !== undefined));
    }
    const answers = crowd.map((insider) => question(insider, "q", "health", {}, PATIENCE_MS));
    const missing = (await Promise.all(answers)).filter((answer) => answer === undefined).length;
    if (missing > 0) arena.watch.breach("the client that behaves got no answer", `${missing} of a crowd`);
    for (const { line } of crowd) line.drop();
  },
};

export const halfOpened: Attack = {
  name: "half-opened sockets",
  weight: 2,
  async run(arena, random) {
    const head = opening({ "X-Forwarded-For": somewhere(random) });
    const sockets = Array.from({ length: random.whole(1, 60) }, () => {
      const socket = connect(arena.port, "127.0.0.1").on("error", () => {});
      socket.write(head.slice(0, random.whole(0, head.length)));
      return socket;
    });
    await sleep(random.whole(0, 300));
    for (const socket of sockets)
      if (random.chance(0.5)) socket.destroy();
      else socket.resetAndDestroy();
  },
};

/** One byte a second, until the gateway ends it or the round is over. */
export const slowSenders: Attack = {
  name: "slow senders",
  weight: 2,
  async run(arena, random, { over }) {
    const line = await arena.open({ who: "somebody slow" }, { ip: somewhere(random) });
    const bytes = frameBytes(Buffer.from(JSON.stringify({ type: "req", id: "slow", method: "health", params: {} })));
    for (const byte of bytes) {
      if (!line || line.over || over.aborted) break;
      line.bytes(Buffer.from([byte]));
      await sleep(1_000, undefined, { signal: over }).catch(() => {});
    }
    line?.drop();
  },
};

const PATHS = [
  "/",
  "/healthz",
  "/metrics",
  "/readyz",
  "/webhooks/x/default/default",
  "/media/x",
  "/session",
  "/sandbox",
  "*",
  "//",
  "/%zz",
  "/../../etc/passwd",
  "/__openclaw__/canvas/",
  "/tools/invoke",
  "/api",
  "/config.json",
];
const METHODS = ["GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE", "CONNECT", "PATCH", "get", "X"];

export const oddHttp: Attack = {
  name: "odd http",
  weight: 6,
  async run(arena, random) {
    const answer = await exchange(arena, random.chance(0.15) ? randomBytes(random, 500) : oddRequest(arena, random));
    arena.watch.text(answer, "somebody over HTTP");
    const status = /^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1];
    if (status === "500") arena.watch.breach("errors that nobody foresaw", answer);
  },
};

function oddRequest(arena: Arena, random: Random): Buffer {
  const body = random.chance(0.4) ? hostileText(random) : "";
  const headers = [
    "Host: 127.0.0.1",
    random.chance(0.5) ? `X-Forwarded-For: ${somewhere(random)}` : undefined,
    random.chance(0.2) ? `Tailscale-User-Login: ${hostileText(random).slice(0, 50)}` : undefined,
    random.chance(0.3) ? `Authorization: Bearer ${random.pick([arena.victim.deviceToken, "x", ""])}` : undefined,
    random.chance(0.2) ? `Cookie: ${hostileText(random)}` : undefined,
    random.chance(0.2) ? `Origin: ${random.pick(["null", "https://evil.example", "://"])}` : undefined,
    random.chance(0.2) ? "Transfer-Encoding: chunked" : undefined,
    random.chance(0.2) ? `Content-Length: ${random.pick(["-1", "1e9", "99999999999999999999", "5"])}` : undefined,
    random.chance(0.2) ? "Upgrade: h2c\r\nConnection: Upgrade" : undefined,
    random.chance(0.2) ? `X: ${"x".repeat(random.whole(1, 40_000))}` : undefined,
    random.chance(0.3) ? "Content-Type: application/json" : undefined,
    random.chance(0.1) ? hostileText(random) : undefined,
  ].filter((header) => header !== undefined);
  const path = random.chance(0.2) ? `/${encodeURIComponent(hostileText(random).toWellFormed())}` : random.pick(PATHS);
  return Buffer.from(`${random.pick(METHODS)} ${path} HTTP/1.1\r\n${headers.join("\r\n")}\r\n\r\n${body}`);
}

/** What is answered until the other side closes, or for a while. */
function exchange({ port }: Arena, bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const end = () => {
      socket.destroy();
      resolve(answer);
    };
    const socket = connect(port, "127.0.0.1", () => socket.end(bytes));
    socket.setEncoding("latin1").on("data", (text: string) => {
      answer += text;
    });
    socket.on("error", end).on("close", end).setTimeout(LISTEN_MS, end);
  });
}
