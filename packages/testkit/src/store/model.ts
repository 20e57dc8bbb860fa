/** A store in memory, as simple as it can be: what the property test compares a driver with. */
import type { LaneKind, Lease } from "@switchboard/core/ports";

/** An event, a turn or a delivery. */
export interface Item {
  readonly kind: LaneKind;
  readonly id: string;
  readonly lane: string;
  /** Order of insertion. */
  readonly number: number;
  state: "scheduled" | "waiting" | "held" | "done" | "dead";
  dueAt: number;
  /** A scheduled delivery whose time came stands before all others, by that time. */
  promotedAt?: number;
  /** An attempt was made whose fate nobody knows. */
  unknown?: boolean;
  /** How many inputs a turn has. */
  inputs: number;
}

/** A claim somebody holds, or believes to hold. */
export interface Hold {
  readonly item: Item;
  readonly lease: Lease;
  readonly until: number;
  /** The attempt that was begun with the claim. */
  readonly attempt: number | undefined;
  state: "held" | "settled" | "broken";
}

export class Model {
  readonly items: Item[] = [];
  readonly holds: Hold[] = [];
  readonly #byId = new Map<string, Item>();
  readonly #held = new Map<string, Hold>();

  add(kind: LaneKind, id: string, lane: string, dueAt: number, scheduled = false): Item {
    const state = scheduled ? "scheduled" : "waiting";
    const item: Item = { kind, id, lane, number: this.items.length, state, dueAt, inputs: 1 };
    this.items.push(item);
    this.#byId.set(id, item);
    return item;
  }

  get(id: string): Item {
    const item = this.#byId.get(id);
    if (!item) throw new Error(`the store knows ${id} and the model does not`);
    return item;
  }

  /** What a lane would hand out next, were it free. */
  head(kind: LaneKind, lane: string): Item | undefined {
    return this.waiting(kind, lane)[0];
  }

  /** The newest of a lane that has not ended. */
  last(kind: LaneKind, lane: string): Item | undefined {
    const open = ({ state }: Item) => state === "waiting" || state === "held";
    return this.items.filter((item) => item.kind === kind && item.lane === lane && open(item)).at(-1);
  }

  waiting(kind: LaneKind, lane: string): Item[] {
    return this.items
      .filter((item) => item.kind === kind && item.lane === lane && item.state === "waiting")
      .sort((a, b) => place(a) - place(b) || a.number - b.number);
  }

  holder(kind: LaneKind, lane: string): Hold | undefined {
    return this.#held.get(`${kind} ${lane}`);
  }

  /** The lanes that a claim may take now. */
  claimable(kind: LaneKind, now: number): string[] {
    const lanes = new Set(this.items.filter((item) => item.kind === kind).map((item) => item.lane));
    return [...lanes].filter((lane) => {
      const head = this.holder(kind, lane) ? undefined : this.head(kind, lane);
      return head !== undefined && head.dueAt <= now;
    });
  }

  hold(lease: Lease, id: string, attempt: number | undefined, until: number): Hold {
    const item = this.get(id);
    const hold: Hold = { item, lease, attempt, until, state: "held" };
    item.state = "held";
    this.holds.push(hold);
    this.#held.set(`${item.kind} ${item.lane}`, hold);
    return hold;
  }

  /** The holder ended its work on the item, which is now `state`. */
  settle(hold: Hold, state: Exclude<Item["state"], "held">, dueAt = hold.item.dueAt): void {
    hold.item.state = state;
    hold.item.dueAt = dueAt;
    hold.state = "settled";
    this.#held.delete(`${hold.item.kind} ${hold.item.lane}`);
  }

  /** The leases that are broken at `now`. */
  breakLeases(now: number, except: string | undefined): number {
    const broken = [...this.#held.values()].filter(
      ({ lease, until }) => until <= now || (except !== undefined && lease.owner !== except),
    );
    for (const hold of broken) {
      this.settle(hold, "waiting");
      hold.state = "broken";
      if (hold.item.kind === "delivery") hold.item.unknown = true;
    }
    return broken.length;
  }

  promote(now: number): number {
    const due = this.items.filter((item) => item.state === "scheduled" && item.dueAt <= now);
    for (const item of due) {
      item.state = "waiting";
      item.promotedAt = item.dueAt;
    }
    return due.length;
  }
}

function place(item: Item): number {
  return item.promotedAt === undefined ? 0 : item.promotedAt - Number.MAX_SAFE_INTEGER;
}
