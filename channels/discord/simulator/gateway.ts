/** The gateway: hello, identify, resume, heartbeats, and every dispatch until a resume or a heartbeat says it arrived. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Accounts, Upgrade } from "@switchboard/simulator-kit";
import { type WebSocket, WebSocketServer } from "ws";
import type { Channel } from "./world/types.ts";
import type { World } from "./world/world.ts";

const HEARTBEAT_MS = 41_250;

interface Frame {
  readonly op: number;
  readonly d?:
    | { readonly token?: string; readonly session_id?: string; readonly seq?: number; readonly intents?: number }
    | number
    | null;
}

interface Early {
  readonly t: string;
  readonly d: object;
}

export function gateway(accounts: Accounts<World>): Upgrade {
  const server = new WebSocketServer({ noServer: true });
  return (request, socket, head) => server.handleUpgrade(request, socket, head, (open) => serve(open, accounts));
}

function serve(socket: WebSocket, accounts: Accounts<World>): void {
  const send = (frame: object) => socket.send(JSON.stringify(frame));
  let world: World | undefined;
  socket.on("error", () => socket.terminate());
  socket.on("message", (data) => {
    const { d, op } = JSON.parse(String(data)) as Frame;
    if (op === 1) {
      if (world && typeof d === "number") world.queue.confirmBefore(d + 1);
      world?.journal.flush();
      return send({ op: 11 });
    }
    if (typeof d !== "object" || d === null) return socket.close(4002);
    const found = accounts.byKey(d.token ?? "");
    if (!found) return socket.close(4004, "Authentication failed.");
    if (world) return socket.close(4005, "Already authenticated.");
    if (op !== 2 && op !== 6) return socket.close(4003, "Not authenticated.");
    void enter(found, socket, op === 6 ? d : undefined).then((entered) => {
      if (entered) world = found;
    });
  });
  send({ op: 10, d: { heartbeat_interval: HEARTBEAT_MS } });
}

/** Lets a socket in, as a new session or as one that goes on. */
async function enter(
  world: World,
  socket: WebSocket,
  resumed: { readonly session_id?: string; readonly seq?: number } | undefined,
): Promise<boolean> {
  const fault = world.faults.take("receive");
  if (fault?.kind === "slow") await sleep(fault.delayMs ?? 0);
  else if (fault) {
    if (fault.kind === "unauthorised") socket.close(4004);
    else socket.terminate();
    return false;
  }
  let sent: number;
  if (resumed) {
    const seq = resumed.seq ?? 0;
    if (world.session === undefined || resumed.session_id !== world.session || seq > world.queue.last) {
      socket.send(JSON.stringify({ op: 9, d: false }));
      return false;
    }
    world.queue.confirmBefore(seq + 1);
    sent = seq;
  } else {
    sent = world.queue.last;
    // Discord keeps nothing for a bot that is away without a session. Its people see that it is, and those of the
    // simulator wait until it comes online for the first time: what they said before is said then.
    const early = world.isNew ? [...world.queue.from(0)].map(({ body }) => JSON.parse(body) as Early) : [];
    world.queue.clear();
    greet(world);
    for (const { d, t } of early) if (t !== "GUILD_CREATE") world.dispatch(t, d);
  }
  attach(world, socket, sent);
  // In order: what was missed, then that it is all there was.
  if (resumed) socket.send(JSON.stringify({ op: 0, t: "RESUMED", s: world.queue.last, d: {} }));
  world.journal.flush();
  return true;
}

/** READY, then the servers, as Discord tells a new session. */
function greet(world: World): void {
  world.keepSession(randomUUID().replaceAll("-", ""));
  world.deliver = () => {};
  const guilds = [
    ...new Set([...world.channels.values()].flatMap(({ guild }) => (guild === undefined ? [] : [guild]))),
  ];
  world.dispatch("READY", {
    v: 10,
    user: world.bot,
    guilds: guilds.map((id) => ({ id, unavailable: true })),
    session_id: world.session,
    resume_gateway_url: world.url().replace(/^http/, "ws"),
    application: { id: world.bot.id, flags: 0 },
  });
  for (const id of guilds) world.dispatch("GUILD_CREATE", guildOf(world, id));
}

/** A server with its channels and threads. */
export function guildOf(world: World, id: string): object {
  const all = [...world.channels.values()].filter(({ guild }) => guild === id);
  const shown = ({ id: own, name, parent, type }: Channel) => ({
    id: own,
    type,
    name,
    ...(parent && { parent_id: parent }),
  });
  const [first] = all;
  return {
    id,
    name: first?.name ?? "",
    joined_at: new Date().toISOString(),
    large: false,
    unavailable: false,
    member_count: (first?.members.length ?? 0) + 1,
    members: [],
    presences: [],
    voice_states: [],
    roles: [],
    emojis: [],
    channels: all.filter(({ parent }) => parent === undefined).map(shown),
    threads: all.filter(({ parent }) => parent !== undefined).map(shown),
  };
}

/** From now on dispatches go this way; the socket before it is closed. */
function attach(world: World, socket: WebSocket, from: number): void {
  let sent = from;
  let chain = Promise.resolve();
  const flush = async (again: readonly string[]) => {
    for (const delivery of world.queue.from(sent + 1)) {
      if (socket.readyState !== socket.OPEN) return;
      const fault = world.faults.take("receive");
      if (fault?.kind === "slow") await sleep(fault.delayMs ?? 0);
      else if (fault?.kind === "cut-after") {
        socket.send(delivery.body, () => socket.terminate());
        return;
      } else if (fault) {
        socket.close(4000, "Unknown error.");
        return;
      }
      sent = delivery.id;
      socket.send(delivery.body);
    }
    for (const body of again) if (socket.readyState === socket.OPEN) socket.send(body);
  };
  const deliver = (again: readonly string[] = []) => {
    // What is told must be kept before.
    world.journal.flush();
    chain = chain.then(() => flush(again)).catch(() => socket.terminate());
  };
  world.deliver = deliver;
  world.online = true;
  socket.once("close", (code) => {
    if (world.deliver !== deliver) return;
    world.online = false;
    world.deliver = () => {};
    if (code === 1000 || code === 1001) world.keepSession(undefined);
  });
  for (const delivery of world.queue.from(sent + 1)) {
    sent = delivery.id;
    socket.send(delivery.body);
  }
}
