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
