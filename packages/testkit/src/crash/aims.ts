/** When to kill: at random, and at the moments that have lost or doubled messages elsewhere. */
import { watch } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { GatewayProcess } from "../gateway-process/index.ts";
import type { Random } from "../long-run/random.ts";
import type { Traffic } from "./traffic.ts";
import { endOf, numbered } from "./words.ts";
import type { World } from "./world.ts";

export interface AimContext {
  readonly world: World;
  readonly traffic: Traffic;
  readonly random: Random;
  readonly gateway: GatewayProcess;
  /** How long the gateway took to be ready the last times, in milliseconds. */
  readonly usualStartMs: number;
}

export interface Aim {
  readonly name: string;
  readonly weight: number;
  /** Aims at a gateway that is not ready yet. */
  readonly early?: boolean;
  /** Asks it to stop, so that it may be gone in good order before it is killed. */
  readonly stops?: boolean;
  /** Resolves at the moment of the kill. */
  moment(context: AimContext): Promise<void>;
}

/** Slow answers that a send gets, so that the kill falls between the platform's act and its word. */
const ANSWER_DELAY_MS = 400;

export const AIMS: readonly Aim[] = [
  {
    name: "at random",
    weight: 5,
    moment: ({ random }) => pause(random.between(0, 400)),
  },
  {
    name: "while starting",
    weight: 3,
    early: true,
    moment: ({ random, usualStartMs }) => pause(random.between(0.3, 1.1) * usualStartMs),
  },
  {
    name: "just handed over",
    weight: 4,
    async moment({ random, traffic }) {
      for (let burst = random.whole(1, 4); burst > 0; burst--) await traffic.say(traffic.place());
      await pause(random.between(0, 6));
    },
  },
  {
    name: "between send and record",
    weight: 5,
    async moment({ traffic }) {
      const place = traffic.place({ mind: "echo" });
      const { simulator } = place.account;
      const { conversation } = place;
      simulator.inject({ on: "send", kind: "slow", delayMs: ANSWER_DELAY_MS, times: 1, conversation });
      const { seen } = await traffic.say(place);
      await seen;
    },
  },
  {
    name: "many sends under way",
    weight: 3,
    async moment({ random, traffic, world }) {
      for (const { simulator } of world.accounts) {
        simulator.inject({ on: "send", kind: "slow", delayMs: ANSWER_DELAY_MS, times: 4 });
      }
      const said = await Promise.all(Array.from({ length: 6 }, () => traffic.say(traffic.place())));
      await Promise.race(said.map(({ seen }) => seen));
      await pause(random.between(0, 20));
    },
  },
  {
    name: "between the parts of an answer",
    weight: 3,
    async moment({ random, traffic }) {
      const { seen } = await traffic.say(traffic.place({ mind: "model" }), "long");
      await seen;
      await pause(random.between(0, 12));
    },
  },
  {
    name: "while a draft is sent",
    weight: 2,
    async moment({ traffic }) {
      const place = traffic.place({ mind: "model" });
      const { conversation } = place;
      place.account.simulator.inject({
        on: "send",
        kind: "slow",
        delayMs: ANSWER_DELAY_MS,
        times: 1,
        conversation,
      });
      const { seen } = await traffic.say(place, "slow");
      await seen;
    },
  },
  {
    name: "while an answer is streamed",
    weight: 2,
    async moment({ random, traffic }) {
      const place = traffic.place({ mind: "model", kind: "direct" });
      const { number } = await traffic.say(place, "slow");
      await place.account.simulator.waitFor(
        ({ edits, text }) => edits > 0 && text.includes(numbered(number)) && !text.includes(endOf(number)),
        { conversation: place.conversation, timeoutMs: DEADLINE_MS },
      );
      await pause(random.between(0, 200));
    },
  },
  {
    name: "while the store writes",
    weight: 4,
    async moment({ random, traffic, world }) {
      const written = storeWrites(world.directory, random.whole(1, 40));
      await traffic.say(traffic.place());
      await written;
    },
  },
  {
    name: "while draining",
    weight: 4,
    stops: true,
    async moment({ gateway, random, traffic }) {
      await Promise.all(Array.from({ length: 4 }, () => traffic.say(traffic.place())));
      await pause(random.between(0, 60));
      gateway.terminate();
      await Promise.race([pause(random.between(0, 350)), gateway.ended]);
    },
  },
];

/** An aim that has not come about by then is given up: the kill comes anyway. */
export const DEADLINE_MS = 6_000;

/** Resolves with the `count`-th write to the store's log, as soon as the system tells of it. */
function storeWrites(directory: string, count: number): Promise<void> {
  return new Promise((resolve) => {
    let left = count;
    const done = () => {
      clearTimeout(timer);
      watcher.close();
      resolve();
    };
    const timer = setTimeout(done, DEADLINE_MS);
    const watcher = watch(directory, (_event, file) => {
      if (file?.endsWith("-wal") && --left === 0) done();
    });
  });
}

async function pause(ms: number): Promise<void> {
  await sleep(ms);
}
