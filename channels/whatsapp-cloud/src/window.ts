/**
 * Who wrote last and when. For 24 hours after somebody wrote WhatsApp takes any message to them, later only templates:
 * https://developers.facebook.com/docs/whatsapp/conversation-types
 */
import { Newest } from "@switchboard/channel-kit/connection";
import { type Fields, fields, items, text } from "@switchboard/channel-kit/json";
import type { AccountMemory, ConversationId, MessageId, RawEvent } from "@switchboard/domain";
import { WINDOW_CLOSED } from "./errors.ts";
import { messageId } from "./ids.ts";
import { changeOf } from "./updates.ts";

const OPEN_MS = 24 * 3_600_000;
/** What is known of somebody for so long tells a closed window from one that nobody looked at. */
const KEPT_MS = 30 * OPEN_MS;
const MOST_KNOWN = 1_000;

interface Last {
  /** Of their newest message; there is none when only Meta's refusal is known. */
  readonly id?: string;
  /** When they wrote, in Unix milliseconds; 0 when Meta says that it was too long ago. */
  readonly at: number;
}

export class Window {
  readonly #memory: AccountMemory;
  /** By lane: every message sent asks for it. */
  readonly #newest = new Newest<string, Last>(MOST_KNOWN);

  constructor(memory: AccountMemory) {
    this.#memory = memory;
  }

  async note(events: readonly RawEvent[]): Promise<void> {
    for (const { lane, payload } of events) {
      const { messages, statuses } = fields(changeOf(payload).value);
      const [message] = items(messages).map(fields);
      const [status] = items(statuses).map(fields);
      if (message && message.type !== "system") await this.#wrote(lane, text(message.id), timeOf(message));
      else if (status && isWindowClosed(status)) await this.#tooLate(lane, timeOf(status));
    }
  }

  async #wrote(lane: string, id: string | undefined, at: number): Promise<void> {
    const known = await this.#last(lane);
    if (id === undefined || known?.id === id || (known && known.at > at)) return;
    await this.#set(lane, { id, at });
  }

  /** Meta has refused a message for the window; whoever wrote after that has opened it again. */
  async #tooLate(lane: string, refusedAt: number): Promise<void> {
    const known = await this.#last(lane);
    if (known === undefined || known.at < refusedAt) await this.#set(lane, { ...known, at: 0 });
  }

  /**
   * What is known of the window of a conversation. The gateway does not hear of everything (it may have been away, or the
   * number is new to it), so `closed` and `unknown` are guesses; that somebody wrote is certain.
   */
  async state(conversation: ConversationId): Promise<"open" | "closed" | "unknown"> {
    const last = await this.#last(conversation);
    if (last === undefined) return "unknown";
    return Date.now() - last.at < OPEN_MS ? "open" : "closed";
  }

  async lastMessage(conversation: ConversationId): Promise<MessageId | undefined> {
    const last = await this.#last(conversation);
    return last?.id === undefined ? undefined : messageId(last.id);
  }

  #set(lane: string, last: Last): Promise<void> {
    this.#newest.set(lane, last);
    return this.#memory.set(keyOf(lane), JSON.stringify(last), { ttlMs: KEPT_MS });
  }

  async #last(lane: string): Promise<Last | undefined> {
    const known = this.#newest.get(lane);
    if (known) return known;
    const kept = await this.#memory.get(keyOf(lane));
    return kept === undefined ? undefined : (JSON.parse(kept) as Last);
  }
}

/** Never later than now, whatever a clock elsewhere says. */
function timeOf({ timestamp }: Fields): number {
  const at = Number(timestamp) * 1000;
  return Number.isFinite(at) ? Math.min(at, Date.now()) : 0;
}

function isWindowClosed({ errors, status }: Fields): boolean {
  return status === "failed" && items(errors).some((error) => fields(error).code === WINDOW_CLOSED);
}

function keyOf(lane: string): string {
  return `wrote/${lane}`;
}
