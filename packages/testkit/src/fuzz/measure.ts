/** What the gateway holds while nobody attacks it. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Arena } from "./arena.ts";

export interface Held {
  /** Bytes of the heap in use, after collecting garbage. */
  readonly heap: number;
  /** Bytes of memory that the system gave. */
  readonly rss: number;
  /** Open files and sockets. */
  readonly handles: number;
}

/** As the metrics of the process call them. */
const NAMES = {
  heap: "switchboard_nodejs_heap_size_used_bytes",
  rss: "switchboard_process_resident_memory_bytes",
  handles: "switchboard_process_open_fds",
} as const;

/** How long what is closed may take to be gone, in milliseconds. */
const REST_MS = 30_000;
const LOOK_EVERY_MS = 250;
const MORE_LOOKS = 4;
/** Connections of those who look and behave come and go. */
const SPARE_HANDLES = 4;

export async function measure({ port, process: gateway }: Arena): Promise<Held> {
  process.kill(gateway.pid, "SIGUSR2");
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const figure = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1] ?? Number.NaN);
  return { heap: figure(NAMES.heap), rss: figure(NAMES.rss), handles: figure(NAMES.handles) };
}

/** Waits until what the attackers opened is closed. Says so when it is not. */
export async function atRest(arena: Arena, before: Held): Promise<Held> {
  arena.dropAll();
  const until = performance.now() + REST_MS;
  for (;;) {
    const held = await measure(arena);
    if (held.handles <= before.handles + SPARE_HANDLES) return least(arena, held);
    if (performance.now() > until) {
      const example = `${held.handles} open, ${before.handles} before the attacks`;
      arena.watch.breach("handles that were not given back", example);
      return held;
    }
    await sleep(LOOK_EVERY_MS);
  }
}

/** What is just being let go of does not count. */
async function least(arena: Arena, first: Held): Promise<Held> {
  let least = first;
  for (let look = 0; look < MORE_LOOKS; look++) {
    await sleep(LOOK_EVERY_MS);
    const held = await measure(arena);
    if (held.heap < least.heap) least = held;
  }
  return least;
}

const MB = 1024 * 1024;
/** What a process may take more than after its first rounds: tables that are filled up to their limits. */
const SPARE = { heap: 24 * MB, rss: 96 * MB } as const;

/** The least of the last third against the least of the first, without the first round, which warms up. */
export function growth(rests: readonly Held[]): string | undefined {
  const warm = rests.slice(1);
  const third = Math.max(1, Math.floor(warm.length / 3));
  for (const what of ["heap", "rss"] as const) {
    const [early, late] = [warm.slice(0, third), warm.slice(-third)].map((part) =>
      Math.min(...part.map((held) => held[what])),
    );
    if (early === undefined || late === undefined || warm.length < 2) continue;
    if (late > early * 1.25 + SPARE[what]) return `${what}: ${mb(early)} at first, ${mb(late)} at the end`;
  }
  return undefined;
}

export function mb(bytes: number): string {
  return `${(bytes / MB).toFixed(1)} MB`;
}
