/**
 * Who wrote last and when. For 24 hours after somebody wrote WhatsApp takes any message to them, later only templates:
 * https://developers.facebook.com/docs/whatsapp/conversation-types
 */
import type { AccountMemory, ConversationId, MessageId, RawEvent, SendAttempt } from "@switchboard/domain";
import { messageId } from "./ids.ts";
import { fields, items, text } from "./json.ts";
import { changeOf } from "./updates.ts";

const OPEN_MS = 24 * 3_600_000;
/** What is known of somebody for so long tells a closed window from one that nobody looked at. */
const KEPT_MS = 30 * OPEN_MS;

interface Last {
  readonly id: string;
  /** Unix milliseconds. */
  readonly at: number;
}

export class Window {
  readonly #memory: AccountMemory;

  constructor(memory: AccountMemory) {
    this.#memory = memory;
  }

  async note(events: readonly RawEvent[]): Promise<void> {
    const newest = new Map<string, Last>();
    for (const { lane, payload } of events) {
      const [message] = items(fields(changeOf(payload).value).messages).map(fields);
      const id = text(message?.id);
      if (!message || id === undefined || message.type === "system") continue;
      newest.set(lane, { id, at: Math.min(Number(message.timestamp) * 1000, Date.now()) });
    }
    for (const [lane, last] of newest) {
      if (!Number.isFinite(last.at) || (await this.#last(lane))?.id === last.id) continue;
      await this.#memory.set(keyOf(lane), JSON.stringify(last), { ttlMs: KEPT_MS });
    }
  }

  /**
   * Whether a message would certainly be refused. Somebody of whom nothing is known has most likely never written, unless
   * this is an answer to them: the gateway may have been away from its notes for a moment.
   */
  async isClosed(conversation: ConversationId, kind: SendAttempt["kind"]): Promise<boolean> {
    const last = await this.#last(conversation);
    return last === undefined ? kind === "direct" : Date.now() - last.at >= OPEN_MS;
  }

  async lastMessage(conversation: ConversationId): Promise<MessageId | undefined> {
    const last = await this.#last(conversation);
    return last && messageId(last.id);
  }

  async #last(lane: string): Promise<Last | undefined> {
    const kept = await this.#memory.get(keyOf(lane));
    return kept === undefined ? undefined : (JSON.parse(kept) as Last);
  }
}

function keyOf(lane: string): string {
  return `wrote/${lane}`;
}
