/** Platforms that now and then refuse, fail, cut the line or repeat themselves. */
import type { Fault } from "@switchboard/domain";
import type { Random } from "../long-run/random.ts";
import { Rests } from "./rests.ts";
import { conversationOf, type Traffic } from "./traffic.ts";
import type { World, WorldAccount } from "./world.ts";

const PAUSE = { from: 250, to: 900 };
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
  readonly #rests: Rests;
  #timer: NodeJS.Timeout | undefined;

  constructor(world: World, traffic: Traffic, random: Random) {
    this.#world = world;
    this.#random = random;
    this.#rests = new Rests(traffic);
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
    const place = this.#random.pick(this.#world.places);
    const { account, conversation } = place;
    if (this.#random.chance(0.15)) {
      await account.simulator.redeliver(this.#random.whole(1, 6));
      this.#count("duplicate updates");
      return;
    }
    const { weight: _, ...trouble } = this.#random.weighted(TROUBLES);
    if (trouble.on !== "receive" && !this.#rests.troubles(conversationOf(place))) return;
    const socket = trouble.on === "receive" ? socketOf(account) : undefined;
    if (socket !== undefined && !this.#rests.troublesSocket(socket)) return;
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
