/** Telegram's limits on sending, as its FAQ puts them. */
import { tooManyRequests } from "../failure.ts";
import type { Chat } from "../world/chats.ts";

interface Bucket {
  tokens: number;
  at: number;
}

interface Limit {
  readonly perSecond: number;
  readonly burst: number;
}

const perBot: Limit = { perSecond: 30, burst: 30 };
/** "Avoid sending more than one message per second"; short bursts pass. */
const perChat: Limit = { perSecond: 1, burst: 3 };
/** "Not more than 20 messages per minute to the same group". */
const perGroup: Limit = { perSecond: 20 / 60, burst: 20 };

export class RateLimits {
  readonly #bot: Bucket = { tokens: perBot.burst, at: Date.now() };
  readonly #chats = new Map<number, Bucket>();

  /** Counts a message. Throws 429 with the time to wait when there are too many, and then does not count it. */
  spend(chat: Chat): void {
    const now = Date.now();
    const limit = chat.wire.type === "private" ? perChat : perGroup;
    let bucket = this.#chats.get(chat.id);
    if (!bucket) {
      bucket = { tokens: limit.burst, at: now };
      this.#chats.set(chat.id, bucket);
    }
    const wait = Math.max(waitFor(this.#bot, perBot, now), waitFor(bucket, limit, now));
    if (wait > 0) throw tooManyRequests(Math.ceil(wait));
    this.#bot.tokens -= 1;
    bucket.tokens -= 1;
  }
}

/** Fills the bucket up to now; seconds until it holds a token. */
function waitFor(bucket: Bucket, { perSecond, burst }: Limit, now: number): number {
  bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * perSecond);
  bucket.at = now;
  return bucket.tokens >= 1 ? 0 : (1 - bucket.tokens) / perSecond;
}
