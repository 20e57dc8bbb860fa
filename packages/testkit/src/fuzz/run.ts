/** Rounds of attacks, each followed by a rest in which it is measured what the gateway still holds. */
import { setTimeout as sleep } from "node:timers/promises";
import { Random } from "../long-run/random.ts";
import { type Arena, type Insider, PATIENCE_MS } from "./arena.ts";
import { ATTACKS } from "./attacks/index.ts";
import { atRest, growth, type Held, mb, measure } from "./measure.ts";

/** Attacks under way at a time. */
const AT_ONCE = 12;
const LONGEST_ROUND_MS = 20_000;
const LEAST_ROUNDS = 4;
/** Between two requests of the client that behaves. */
const PAUSE_MS = 200;

export interface RunOptions {
  readonly arena: Arena;
  readonly milliseconds: number;
  readonly seed: number;
  readonly connections: number;
  readonly attack?: string | undefined;
  say(line: string): void;
}

export interface RunResult {
  /** How often each attack was made. */
  readonly attacks: Readonly<Record<string, number>>;
  readonly rests: readonly Held[];
  /** Requests of the client that behaves, all answered unless it says otherwise. */
  readonly asked: number;
}

export async function run({ arena, attack, connections, milliseconds, say, seed }: RunOptions): Promise<RunResult> {
  const chosen = ATTACKS.filter(({ name }) => name.includes(attack ?? ""));
  const attacks: Record<string, number> = {};
  const stop = new AbortController();
  const good = behave(arena, stop.signal);
  await sleep(PAUSE_MS);
  const before = await measure(arena);
  const rests: Held[] = [];
  const roundMs = Math.min(LONGEST_ROUND_MS, milliseconds / LEAST_ROUNDS);
  const rounds = Math.round(milliseconds / roundMs);
  let count = 0;
  for (let round = 1; round <= rounds && arena.process.running; round++) {
    const over = AbortSignal.timeout(roundMs);
    const attackers = Array.from({ length: AT_ONCE }, async () => {
      while (!over.aborted && arena.process.running) {
        const random = new Random(seed, count++);
        const next = random.weighted(chosen);
        attacks[next.name] = (attacks[next.name] ?? 0) + 1;
        await next.run(arena, random, { connections, over });
      }
    });
    await Promise.all(attackers);
    if (!arena.process.running) break;
    const held = await atRest(arena, before);
    rests.push(held);
    await arena.checkLog();
    const found = [...arena.watch.found].map(([what, { length }]) => `, ${what}: ${length}`).join("");
    const figures = `heap ${mb(held.heap)}, RSS ${mb(held.rss)}, ${held.handles} handles`;
    say(`[${round}/${rounds}] ${count} attacks, ${arena.watch.frames} frames heard, ${figures}${found}`);
  }
  stop.abort();
  const asked = await good;
  if (!arena.process.running) {
    const { code, signal } = await arena.process.ended;
    arena.watch.breach("the gateway ended", `${signal ?? code}: ${arena.process.log.slice(-3).join(" ")}`);
  }
  const grown = growth(rests);
  if (grown !== undefined) arena.watch.breach("memory that was not given back", grown);
  return { attacks, rests, asked };
}

/** Somebody who behaves, from the first attack to the last. Returns how often they asked. */
async function behave(arena: Arena, stop: AbortSignal): Promise<number> {
  const insider = await arena.operator(["operator.read"]);
  if (!insider) {
    arena.watch.breach("the client that behaves got no answer", "it could not connect");
    return 0;
  }
  arena.keep(insider.line);
  let asked = 0;
  while (!stop.aborted && arena.process.running) {
    asked += 1;
    const method = asked % 2 === 0 ? "status" : "health";
    const outcome = await askPatiently(insider, `g${asked}`, method);
    if (outcome !== "answered" && arena.process.running) {
      arena.watch.breach("the client that behaves got no answer", `${method}, request ${asked}: ${outcome}`);
      if (insider.line.over) break;
    }
    if (asked % 5 === 0) await checkHealth(arena);
    await sleep(PAUSE_MS);
  }
  insider.line.drop();
  return asked;
}

/** As clients do, it asks again when it is told that this may help. */
async function askPatiently({ asked, line }: Insider, id: string, method: string): Promise<string> {
  const until = performance.now() + PATIENCE_MS;
  for (let tries = 0; ; tries++) {
    const name = `${id}.${tries}`;
    asked.set(name, { method });
    const coming = line.answer(name, PATIENCE_MS);
    line.say({ type: "req", id: name, method, params: {} });
    const answer = await coming;
    if (answer?.ok === true) return "answered";
    if (answer?.error?.retryable !== true || performance.now() > until) return JSON.stringify(answer ?? "nothing");
    await sleep(PAUSE_MS);
  }
}

async function checkHealth({ port, process: gateway, watch }: Arena): Promise<void> {
  const url = `http://127.0.0.1:${port}/healthz`;
  const status = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) }).then(
    async (response) => {
      await response.arrayBuffer();
      return response.status;
    },
    (error: unknown) => String(error),
  );
  if (status !== 200 && gateway.running) watch.breach("/healthz gave no answer", String(status));
}
