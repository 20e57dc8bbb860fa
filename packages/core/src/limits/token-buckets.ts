/** Token buckets by key: how often something may happen. In memory; a full bucket is forgotten. */
import type { RateLimit } from "@switchboard/domain";

interface Bucket {
  tokens: number;
  /** Up to when `tokens` were earned. */
  at: number;
  usedAt: number;
  /** Nothing is given out before this, whatever the tokens: the platform said so. */
  blockedUntil: number;
}

export class TokenBuckets {
  readonly #buckets = new Map<string, Bucket>();
  #sweepAt = 0;

  /** Milliseconds until a token is there; 0 when one is there now. Takes nothing. */
  waitMs(key: string, limit: RateLimit, now: number): number {
    const bucket = this.#buckets.get(key);
    if (!bucket) return 0;
    refill(bucket, limit, now);
    const forToken = bucket.tokens >= 1 ? 0 : Math.ceil(((1 - bucket.tokens) / limit.perSecond) * 1000);
    return Math.max(forToken, bucket.blockedUntil - now, 0);
  }

  /** How many tokens are there now. Takes none. */
  available(key: string, limit: RateLimit, now: number): number {
    const bucket = this.#buckets.get(key);
    if (!bucket) return limit.burst;
    refill(bucket, limit, now);
    return bucket.blockedUntil > now ? 0 : Math.floor(bucket.tokens);
  }

  /** The latest time that a bucket knows of; `undefined` for one that was never used or is full again. */
  newest(key: string): number | undefined {
    return this.#buckets.get(key)?.at;
  }

  /** Takes a token if there is one at `at`, which is another time than now where what happened earlier is counted. */
  take(key: string, limit: RateLimit, at: number, now: number = at): boolean {
    this.#forgetFull(now);
    let bucket = this.#buckets.get(key);
    if (!bucket) {
      bucket = { tokens: limit.burst, at, usedAt: now, blockedUntil: 0 };
      this.#buckets.set(key, bucket);
    }
    bucket.usedAt = now;
    refill(bucket, limit, at);
    if (bucket.blockedUntil > at || bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  /** Takes a token whether or not there is one: what already happened counts too. */
  charge(key: string, limit: RateLimit, now: number): void {
    if (!this.take(key, limit, now)) {
      const bucket = this.#buckets.get(key);
      if (bucket) bucket.tokens -= 1;
    }
  }

  /** Gives nothing out until `until`. */
  block(key: string, limit: RateLimit, until: number, now: number): void {
    const bucket = this.#buckets.get(key) ?? { tokens: limit.burst, at: now, usedAt: now, blockedUntil: 0 };
    bucket.blockedUntil = Math.max(bucket.blockedUntil, until);
    this.#buckets.set(key, bucket);
  }

  /** A bucket untouched for an hour is full by any sensible limit. */
  #forgetFull(now: number): void {
    if (now < this.#sweepAt) return;
    this.#sweepAt = now + 60_000;
    for (const [key, bucket] of this.#buckets) {
      if (now - bucket.usedAt > 3_600_000 && bucket.blockedUntil < now) this.#buckets.delete(key);
    }
  }
}

function refill(bucket: Bucket, limit: RateLimit, now: number): void {
  const elapsed = Math.max(0, now - bucket.at);
  bucket.tokens = Math.min(limit.burst, bucket.tokens + (elapsed / 1000) * limit.perSecond);
  bucket.at = now;
}
