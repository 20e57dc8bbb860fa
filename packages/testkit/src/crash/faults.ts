/** Platforms that now and then refuse, fail, cut the line or repeat themselves. */
import type { Fault } from "@switchboard/domain";
import type { Random } from "../long-run/random.ts";
import type { World, WorldAccount } from "./world.ts";

const PAUSE = { from: 250, to: 900 };
/**
 * A place is left alone for so long after a fault, so that no message uses up its attempts by bad luck alone; so is an
 * account's socket, which meets one fault an opening: they would pile up while the gateway waits longer and longer.
 */
const REST_MS = 20_000;

type Trouble = Omit<Fault, "times" | "conversation"> & { readonly weight: number };

const TROUBLES: readonly Trouble[] = [
  { on: "send", kind: "rate-limit", retryAfterMs: 1_000, weight: 2 },
  { on: "send", kind: "server-error", weight: 2 },
  { on: "send", kind: "cut-before", weight: 2 },
  { on: "send", kind: "cut-after", weight: 2 },
  { on: "send", kind: "slow", delayMs: 150, weight: 2 },
  { on: "edit", kind: "server-error", weight: 1 },
  { on: "edit", kind: "cut-after", weight: 1 },
  { on: "receive", kind: "server-error", weight: 1 },
  { on: "receive", kind: "cut-before", weight: 1 },
  { on: "receive", kind: "cut-after", weight: 1 },
  { on: "receive", kind: "slow", delayMs: 60, weight: 1 },
];

export class Faults {
  readonly counts = new Map<string, number>();
  readonly #world: World;
  readonly #random: Random;
  readonly #resting = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(world: World, random: Random) {
    this.#world = world;
    this.#random = random;
  }

  start(): void {
    this.#timer = setTimeout(
      () => {
        this.#cause().catch(() => {});
        this.start();
      },
      this.#random.between(PAUSE.from, PAUSE.to),
    );
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  async #cause(): Promise<void> {
    const { account, conversation } = this.#random.pick(this.#world.places);
    if (this.#random.chance(0.15)) {
      await account.simulator.redeliver(this.#random.whole(1, 6));
      this.#count("duplicate updates");
      return;
    }
    const { weight: _, ...trouble } = this.#random.weighted(TROUBLES);
    const troubled = trouble.on === "receive" ? socketOf(account) : conversation;
    if (troubled !== undefined) {
      const now = performance.now();
      if ((this.#resting.get(troubled) ?? 0) > now) return;
      this.#resting.set(troubled, now + REST_MS);
    }
    account.simulator.inject({ ...trouble, times: 1, ...(trouble.on !== "receive" && { conversation }) });
    this.#count(`${trouble.kind} on ${trouble.on}`);
  }

  #count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }
}

function socketOf({ id, transport }: WorldAccount): string | undefined {
  return transport === "websocket" ? id : undefined;
}
