/**
 * What became of sends whose answer never came. Every message carries the delivery's id, and the first status that
 * Meta reports of it brings the id back with the message's own.
 */
import { pause } from "@switchboard/channel-kit/connection";
import { fields, items, text } from "@switchboard/channel-kit/json";
import type { AccountContext, MessageId, RawEvent } from "@switchboard/domain";
import { messageId } from "./ids.ts";
import { changeOf } from "./updates.ts";

/** Longer than any delivery is tried. */
const KEPT_MS = 24 * 3_600_000;

export class Outcomes {
  readonly #context: Pick<AccountContext, "memory" | "sleep">;
  /** Deliveries that are being asked about. */
  readonly #waiting = new Map<string, (id: MessageId) => void>();

  constructor(context: Pick<AccountContext, "memory" | "sleep">) {
    this.#context = context;
  }

  /**
   * Keeps every message that went out, also when its answer came: the gateway may end between that answer and writing it
   * down, and asks about the delivery when it is back.
   */
  async note(events: readonly RawEvent[]): Promise<void> {
    for (const { payload } of events) {
      const [status] = items(fields(changeOf(payload).value).statuses).map(fields);
      const delivery = text(status?.biz_opaque_callback_data);
      const id = text(status?.id);
      if (delivery === undefined || id === undefined || status?.status !== "sent") continue;
      await this.#context.memory.set(keyOf(delivery), id, { ttlMs: KEPT_MS });
      this.#waiting.get(delivery)?.(messageId(id));
    }
  }

  /** The message that a delivery became; `undefined` when nothing was heard of it within `ms`. */
  async of(delivery: string, ms: number, signal: AbortSignal): Promise<MessageId | undefined> {
    const heard = Promise.withResolvers<MessageId>();
    this.#waiting.set(delivery, heard.resolve);
    const done = new AbortController();
    try {
      const kept = await this.#context.memory.get(keyOf(delivery));
      if (kept !== undefined) return messageId(kept);
      const late = pause(this.#context, ms, AbortSignal.any([signal, done.signal])).then(() => undefined);
      return await Promise.race([heard.promise, late]);
    } finally {
      done.abort();
      this.#waiting.delete(delivery);
    }
  }
}

function keyOf(delivery: string): string {
  return `sent/${delivery}`;
}
