/**
 * What waits for a node that is away or in the background. In memory: it is short-lived by nature. Bounded for each node;
 * only paired nodes have a list.
 */
import { randomUUID } from "node:crypto";
import { SwitchboardError } from "@switchboard/domain";

const MOST_WAITING = 64;
export const WAITING_TTL_MS = 10 * 60_000;

/** A command that the node's app could not do in the background. */
export interface WaitingAction {
  readonly id: string;
  readonly command: string;
  readonly paramsJSON: string | null;
  readonly idempotencyKey: string;
  readonly at: number;
  readonly expiresAt: number;
}

/** A note that says what the node should do when it next looks. */
export interface WorkItem {
  readonly id: string;
  readonly type: "status.request" | "location.request";
  readonly priority: "normal" | "high";
  readonly at: number;
  readonly expiresAt: number;
}

export type NewWork = Pick<WorkItem, "type" | "priority"> & { readonly ttlMs?: number | undefined };

/** One kind of things that wait, by node. */
class Lists<T extends { readonly id: string; readonly expiresAt: number }> {
  readonly #lists = new Map<string, T[]>();

  alive(node: string, now: number): readonly T[] {
    const alive = (this.#lists.get(node) ?? []).filter(({ expiresAt }) => expiresAt > now);
    this.#set(node, alive);
    return alive;
  }

  /** @throws REQ_004 when too much waits. */
  add(node: string, item: T, now: number): void {
    const alive = this.alive(node, now);
    if (alive.length >= MOST_WAITING) {
      throw new SwitchboardError("REQ_004", `${MOST_WAITING} things wait for this node already.`, {
        action: "Wait until the node has taken some of them.",
        retryable: true,
      });
    }
    this.#set(node, [...alive, item]);
  }

  /** Returns the ids that were there. */
  remove(node: string, ids: readonly string[]): string[] {
    const list = this.#lists.get(node) ?? [];
    const gone = list.filter(({ id }) => ids.includes(id)).map(({ id }) => id);
    this.#set(
      node,
      list.filter(({ id }) => !gone.includes(id)),
    );
    return gone;
  }

  forget(node: string): void {
    this.#lists.delete(node);
  }

  #set(node: string, list: T[]): void {
    if (list.length > 0) this.#lists.set(node, list);
    else this.#lists.delete(node);
  }
}

/** `node` is a key that holds the tenant, too. */
export class WaitingForNodes {
  readonly #actions = new Lists<WaitingAction>();
  readonly #work = new Lists<WorkItem>();
  readonly #revisions = new Map<string, number>();

  /** The same key again is the same action. @throws REQ_004. */
  addAction(
    node: string,
    action: Pick<WaitingAction, "command" | "paramsJSON" | "idempotencyKey">,
    now: number,
  ): WaitingAction {
    const { command, idempotencyKey, paramsJSON } = action;
    const known = this.#actions
      .alive(node, now)
      .find((each) => each.idempotencyKey === idempotencyKey && each.command === command);
    if (known) return known;
    const added = { id: randomUUID(), command, paramsJSON, idempotencyKey, at: now, expiresAt: now + WAITING_TTL_MS };
    this.#actions.add(node, added, now);
    return added;
  }

  /** Those that are `still` permitted; the others are gone. They stay until they are acknowledged. */
  actions(node: string, still: (command: string) => boolean, now: number): readonly WaitingAction[] {
    const void_ = this.#actions.alive(node, now).filter(({ command }) => !still(command));
    this.#actions.remove(
      node,
      void_.map(({ id }) => id),
    );
    return this.#actions.alive(node, now);
  }

  acknowledge(node: string, ids: readonly string[], now: number): { readonly acked: string[]; readonly left: number } {
    const acked = this.#actions.remove(node, ids);
    return { acked, left: this.#actions.alive(node, now).length };
  }

  /** What already waits of this kind is not added again. @throws REQ_004. */
  addWork(node: string, work: NewWork, now: number): { readonly item: WorkItem; readonly revision: number } {
    const { priority, ttlMs = WAITING_TTL_MS, type } = work;
    const known = this.#work.alive(node, now).find((each) => each.type === type && each.priority === priority);
    const item = known ?? { id: randomUUID(), type, priority, at: now, expiresAt: now + ttlMs };
    if (!known) {
      this.#work.add(node, item, now);
      this.#revisions.set(node, this.revision(node) + 1);
    }
    return { item, revision: this.revision(node) };
  }

  /** Hands out the urgent first, then the oldest; what is handed out is gone. */
  drain(node: string, most: number, now: number): { readonly items: readonly WorkItem[]; readonly more: boolean } {
    const rank = ({ priority }: WorkItem) => (priority === "high" ? 0 : 1);
    const all = [...this.#work.alive(node, now)].sort((a, b) => rank(a) - rank(b) || a.at - b.at);
    const items = all.slice(0, most);
    this.#work.remove(
      node,
      items.map(({ id }) => id),
    );
    return { items, more: all.length > items.length };
  }

  revision(node: string): number {
    return this.#revisions.get(node) ?? 0;
  }

  forget(node: string): void {
    this.#actions.forget(node);
    this.#work.forget(node);
    this.#revisions.delete(node);
  }
}
