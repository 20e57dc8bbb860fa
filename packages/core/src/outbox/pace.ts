/** How fast an account may send: the platform's limits for the account and for one conversation (ACC-5). */
import { accountKey, type RateLimit, type SwitchboardError, type Target } from "@switchboard/domain";
import type { AccountRuntime } from "../accounts/runtime.ts";
import type { TokenBuckets } from "../limits/token-buckets.ts";
import type { Clock } from "../ports/index.ts";

/** What a platform's refusal means when it does not say for how long. */
const DEFAULT_BLOCK_MS = 5_000;

export class Pace {
  readonly #buckets: TokenBuckets;
  readonly #clock: Clock;
  /** Limits for all accounts of a channel together, by channel id. */
  readonly #platforms: Readonly<Record<string, RateLimit>>;
  /** By key, what is being claimed and will take its token when it is sent. */
  readonly #promised = new Map<string, number>();

  constructor(buckets: TokenBuckets, clock: Clock, platforms: Readonly<Record<string, RateLimit>> = {}) {
    this.#buckets = buckets;
    this.#clock = clock;
    this.#platforms = platforms;
  }

  /** Milliseconds until a send may start; without a target, as far as the account goes. */
  waitMs(account: AccountRuntime, target?: Target): number {
    const now = this.#clock.now();
    return Math.max(0, ...this.#limits(account, target).map(({ key, limit }) => this.#buckets.waitMs(key, limit, now)));
  }

  /**
   * Promises up to `most` sends of an account, as far as it goes without looking at conversations, so that no more are
   * claimed than may be sent. Call `end` when the claim has been answered.
   */
  promise(account: AccountRuntime, most: number): { readonly count: number; readonly end: () => void } {
    const now = this.#clock.now();
    const limits = this.#limits(account);
    const free = limits.map(
      ({ key, limit }) => this.#buckets.available(key, limit, now) - (this.#promised.get(key) ?? 0),
    );
    const count = Math.max(0, Math.min(most, ...free));
    for (const { key } of limits) this.#promised.set(key, (this.#promised.get(key) ?? 0) + count);
    const end = () => {
      for (const { key } of limits) {
        const left = (this.#promised.get(key) ?? 0) - count;
        if (left > 0) this.#promised.set(key, left);
        else this.#promised.delete(key);
      }
    };
    return { count, end };
  }

  /** Takes the right to one send now, if every limit has one to give. */
  take(account: AccountRuntime, target: Target): boolean {
    const now = this.#clock.now();
    const limits = this.#limits(account, target);
    if (limits.some(({ key, limit }) => this.#buckets.waitMs(key, limit, now) > 0)) return false;
    for (const { key, limit } of limits) this.#buckets.take(key, limit, now);
    return true;
  }

  /** The platform said "too many requests". Returns when to try again. */
  block(account: AccountRuntime, target: Target, error: SwitchboardError): number {
    const now = this.#clock.now();
    const until = now + (error.retryAfterMs ?? DEFAULT_BLOCK_MS);
    const [whole, conversation] = this.#limits(account, target);
    const blocked = error.scope === "account" ? whole : (conversation ?? whole);
    if (blocked) this.#buckets.block(blocked.key, blocked.limit, until, now);
    return until;
  }

  #limits(account: AccountRuntime, target?: Target): { key: string; limit: RateLimit }[] {
    const { rateLimits } = account.channel;
    const { rateLimit, conversationRateLimit } = account.settings;
    const key = accountKey(account.ref);
    const limits = [{ key: `send/${key}`, limit: rateLimit ?? rateLimits.account }];
    const inConversation = conversationRateLimit ?? (target?.kind === "direct" ? rateLimits.direct : rateLimits.group);
    if (target && inConversation) {
      const lane = `${key}/${target.conversation}`;
      limits.push({ key: `send/${lane}`, limit: inConversation });
    }
    const platform = this.#platforms[account.ref.channel];
    if (platform) limits.push({ key: `send/platform/${account.ref.channel}`, limit: platform });
    return limits;
  }
}
