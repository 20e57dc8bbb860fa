/** Telegram's limits on sending, as its FAQ puts them. */
import { Bucket, type Limit } from "@switchboard/simulator-kit";
import { tooManyRequests } from "../failure.ts";
import type { Chat } from "../world/chats.ts";

const perBot: Limit = { perSecond: 30, burst: 30 };
/** "Avoid sending more than one message per second"; short bursts pass. */
const perChat: Limit = { perSecond: 1, burst: 3 };
/** "Not more than 20 messages per minute to the same group". */
const perGroup: Limit = { perSecond: 20 / 60, burst: 20 };

export class RateLimits {
  readonly #bot = new Bucket(perBot);
  readonly #chats = new Map<number, Bucket>();

  /** Counts a message. Throws 429 with the time to wait when there are too many, and then does not count it. */
  spend(chat: Chat): void {
    let bucket = this.#chats.get(chat.id);
    if (!bucket) {
      bucket = new Bucket(chat.wire.type === "private" ? perChat : perGroup);
      this.#chats.set(chat.id, bucket);
    }
    const wait = Math.max(this.#bot.wait(), bucket.wait());
    if (wait > 0) throw tooManyRequests(Math.ceil(wait));
    this.#bot.spend();
    bucket.spend();
  }
}
