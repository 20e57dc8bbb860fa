/** People who write all the time, a few messages ahead of the answers. */
import type { MessageId, SimulatedMessage } from "@switchboard/domain";
import type { Random } from "../long-run/random.ts";
import { endOf, type Form, numbered, sayingOf } from "./words.ts";
import type { Place, Said, World } from "./world.ts";

/** Unanswered messages a place has at most: backlogs come from the kills, not from here. */
const MOST_OPEN = 3;
/** Between two messages, in milliseconds. */
const PAUSE = { from: 5, to: 35 };
/** How long an answer may take before the harness stops waiting for it; the settling waits longer. */
const NEVER_MS = 3_600_000;

export interface Press {
  readonly place: Place;
  readonly messageId: MessageId;
  readonly label: string;
}

export class Traffic {
  readonly said: Said[] = [];
  readonly presses: Press[] = [];
  readonly #world: World;
  readonly #random: Random;
  readonly #open = new Map<Place, number>();
  /** By conversation: the numbers without a whole answer, and the newest with one. */
  readonly #waiting = new Map<string, Set<number>>();
  readonly #newestAnswered = new Map<string, number>();
  #number = 0;
  #answered = 0;
  #timer: NodeJS.Timeout | undefined;
  #going = false;
  #working: Promise<unknown> = Promise.resolve();

  constructor(world: World, random: Random) {
    this.#world = world;
    this.#random = random;
    this.said.push(...world.openings);
  }

  /** Numbered messages so far. */
  get count(): number {
    return this.#number;
  }

  get answered(): number {
    return this.#answered;
  }

  answeredSince(conversation: string, number: number): boolean {
    return (this.#newestAnswered.get(conversation) ?? 0) > number;
  }

  waitsUpTo(conversation: string, number: number): boolean {
    return [...(this.#waiting.get(conversation) ?? [])].some((waiting) => waiting <= number);
  }

  start(): void {
    this.#going = true;
    this.#plan();
  }

  /** Resolves when the last message is with the platform. */
  async stop(): Promise<void> {
    this.#going = false;
    clearTimeout(this.#timer);
    await this.#working;
  }

  /** One of the places with the fewest unanswered messages. */
  place(wanted: Partial<Pick<Place, "mind" | "kind">> = {}): Place {
    const places = this.#world.places.filter(
      ({ kind, mind }) => (wanted.mind ?? mind) === mind && (wanted.kind ?? kind) === kind,
    );
    const open = places.map((place) => this.#open.get(place) ?? 0);
    const least = Math.min(...open);
    return this.#random.pick(places.filter((_, index) => open[index] === least));
  }

  /** Says something numbered. `seen` resolves when the platform shows the beginning of its answer. */
  async say(
    place: Place,
    form: Form = "plain",
  ): Promise<{ readonly number: number; readonly seen: Promise<SimulatedMessage> }> {
    const number = ++this.#number;
    const { simulator } = place.account;
    const text = sayingOf(number, form, this.#random);
    this.#open.set(place, (this.#open.get(place) ?? 0) + 1);
    const waiting = this.#waiting.get(conversationOf(place)) ?? new Set();
    this.#waiting.set(conversationOf(place), waiting.add(number));
    const { messageId } = await simulator.say({ ...address(place, this.#random), text });
    this.said.push({ place, messageId, kind: "numbered", number });
    const wait = (found: (message: SimulatedMessage) => boolean) =>
      simulator.waitFor(found, { conversation: place.conversation, timeoutMs: NEVER_MS });
    const seen = wait((message) => message.text.includes(numbered(number)));
    const whole = place.mind === "echo" ? seen : wait((message) => message.text.includes(endOf(number)));
    seen.catch(() => {});
    whole.then(
      () => {
        this.#answered += 1;
        this.#open.set(place, (this.#open.get(place) ?? 1) - 1);
        waiting.delete(number);
        const newest = this.#newestAnswered.get(conversationOf(place)) ?? 0;
        this.#newestAnswered.set(conversationOf(place), Math.max(newest, number));
      },
      () => {},
    );
    return { number, seen };
  }

  #plan(): void {
    if (!this.#going) return;
    this.#timer = setTimeout(
      () => {
        this.#working = this.#act().finally(() => this.#plan());
      },
      this.#random.between(PAUSE.from, PAUSE.to),
    );
  }

  async #act(): Promise<void> {
    const random = this.#random;
    const place = random.pick(this.#world.places);
    if ((this.#open.get(place) ?? 0) >= MOST_OPEN) return;
    if (random.chance(0.05)) return this.#command(place);
    if (place.mind === "echo") {
      // Behind an unanswered message it would be joined to it, and the demo speaks for itself only.
      if (random.chance(0.06) && !this.#open.get(place)) return this.#buttons(place);
      await this.say(place);
      return;
    }
    const form = random.weighted([
      { form: "plain", weight: 5 },
      { form: "long", weight: 2 },
      { form: "slow", weight: 1 },
    ] as const).form;
    await this.say(place, form);
  }

  async #command(place: Place): Promise<void> {
    const { messageId } = await place.account.simulator.say({ ...address(place, this.#random), text: "/status" });
    this.said.push({ place, messageId, kind: "command" });
  }

  /** Asks the echo agent for buttons and presses one as soon as they are there. */
  async #buttons(place: Place): Promise<void> {
    const { simulator } = place.account;
    const from = this.#random.pick(place.people);
    const before = new Set(simulator.sent({ conversation: place.conversation }).map(({ id }) => id));
    const { messageId } = await simulator.say({ ...address(place, this.#random), text: "demo buttons" });
    this.said.push({ place, messageId, kind: "buttons" });
    const label = this.#random.pick(["Yes", "No"]);
    simulator
      .waitFor(
        (message) => !before.has(message.id) && message.controls.flat().some((control) => control.label === label),
        {
          conversation: place.conversation,
          timeoutMs: NEVER_MS,
        },
      )
      .then(async ({ id }) => {
        if (!this.#going) return;
        await simulator.press({ from, conversation: place.conversation, messageId: id, label });
        this.presses.push({ place, messageId: id, label });
      })
      .catch(() => {});
  }
}

/** Names the conversation of a place among those of all platforms. */
export function conversationOf({ account, conversation }: Place): string {
  return `${account.id}/${conversation}`;
}

function address(place: Place, random: Random) {
  const { conversation, people, thread } = place;
  return { from: random.pick(people), conversation, ...(thread !== undefined && { thread }) };
}
