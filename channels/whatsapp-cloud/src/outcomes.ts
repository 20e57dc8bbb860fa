/**
 * What became of sends whose answer never came. Every message carries the delivery's id, and the first status that
 * Meta reports of it brings the id back with the message's own.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { AccountMemory, MessageId, RawEvent } from "@switchboard/domain";
import { messageId } from "./ids.ts";
import { fields, items, text } from "./json.ts";
import { changeOf } from "./updates.ts";

/** Longer than any delivery is tried. */
const KEPT_MS = 24 * 3_600_000;

export class Outcomes {
  readonly #memory: AccountMemory;
  /** Deliveries that have no answer yet: only their statuses need to be remembered. */
  readonly #waiting = new Map<string, (id: MessageId) => void>();

  constructor(memory: AccountMemory) {
    this.#memory = memory;
  }

  async note(events: readonly RawEvent[]): Promise<void> {
    for (const { payload } of events) {
      const [status] = items(fields(changeOf(payload).value).statuses).map(fields);
      const delivery = text(status?.biz_opaque_callback_data);
      const id = text(status?.id);
      if (delivery === undefined || id === undefined || status?.status !== "sent") continue;
      await this.#memory.set(keyOf(delivery), id, { ttlMs: KEPT_MS });
      this.#waiting.get(delivery)?.(messageId(id));
    }
  }

  /** The message that a delivery became; `undefined` when nothing was heard of it within `ms`. */
  async of(delivery: string, ms: number, signal: AbortSignal): Promise<MessageId | undefined> {
    const heard = Promise.withResolvers<MessageId>();
    this.#waiting.set(delivery, heard.resolve);
    const done = new AbortController();
    try {
      const kept = await this.#memory.get(keyOf(delivery));
      if (kept !== undefined) return messageId(kept);
      const pause = sleep(ms, undefined, { signal: AbortSignal.any([signal, done.signal]) }).catch(() => undefined);
      return await Promise.race([heard.promise, pause]);
    } finally {
      done.abort();
      this.#waiting.delete(delivery);
    }
  }
}

function keyOf(delivery: string): string {
  return `sent/${delivery}`;
}
