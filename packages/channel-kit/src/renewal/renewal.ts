/**
 * Keeps an access token good by a refresh token (CRED-2): renewed five minutes before it ends, one renewal at a time in
 * this process and among all nodes, sealed before it is used.
 *
 * Many platforms take a refresh token once. So whoever is about to use it first writes a mark beside the credential, for
 * `MARK_MS`. Whoever finds a mark waits and reads again. The new credential is written, and the mark taken away, in one
 * step, and only in the place of the one that was renewed: what was wiped or replaced meanwhile stays so. A process that
 * ends between the platform's answer and that step leaves a mark that runs out; then the refresh token is tried once
 * more. A platform that holds it to be used up refuses it (CONN_002), and a person has to connect the account again. So
 * a renewal is never cut short when an account stops: `idle` waits for it.
 */
import { randomUUID } from "node:crypto";
import { type AccountContext, SwitchboardError, toSwitchboardError } from "@switchboard/domain";
import { pause } from "../connection/pause.ts";
import { redactor } from "../http/failures.ts";
import { type Held, held, originOf, readHeld } from "./kept.ts";

const KEY = "token";
const MARK = "token/renewing";
/** Renewed so long before it ends, and up to a minute earlier, so that many accounts do not all come at once. */
const EARLY_MS = 300_000;
const JITTER_MS = 60_000;
/** Between two attempts at a renewal that failed for now: doubled with each, up to a minute. */
const AGAIN_MS = 15_000;
const AGAIN_AT_MOST_MS = 60_000;
/** How long the platform may take at most. */
const CALL_MS = 15_000;
/** Longer than a call and what is written after it, shorter than a connection may take to come about. */
const MARK_MS = 30_000;
/** How often whoever waits for another node's renewal looks. */
const LOOK_MS = 250;
/** What the platform gave is written so often, should the store fail. */
const MOST_WRITES = 5;
const WRITE_AGAIN_MS = 250;

/** What a platform gave for a refresh token. */
export interface Renewed {
  readonly access: string;
  /** Absent: the one that was used stays good. */
  readonly refresh?: string;
  /** When `access` ends, in Unix milliseconds. */
  readonly until: number;
}

export interface RenewalOptions {
  readonly context: Pick<AccountContext, "log" | "lost" | "renewed" | "secrets" | "sleep">;
  /** As the account was configured. Another one there begins anew. */
  readonly refreshToken: string;
  /**
   * Makes the one call at the platform. Rejects with CONN_002 and `retryable: false` when the refresh token is refused,
   * else with a retryable CONN_*; no error may hold a token. `signal` aborts when it takes too long, not when the account
   * stops.
   */
  call(refreshToken: string, signal: AbortSignal): Promise<Renewed>;
  /** How long the platform may take, in milliseconds; at most and by default 15 s. */
  readonly callMs?: number;
  /** Takes the access token for every call from now on. */
  use(access: string): void;
}

export class Renewal {
  readonly #options: RenewalOptions;
  readonly #origin: string;
  #held: Held | undefined;
  #renewing: Promise<void> | undefined;

  constructor(options: RenewalOptions) {
    this.#options = options;
    this.#origin = originOf(options.refreshToken);
  }

  /** Resolves when the access token is good for a while: `connect` waits for it. @throws CONN_*, STORE_*, SEC_008. */
  async ready(): Promise<void> {
    const known = await this.#begin();
    this.#held = known;
    if (known.until - Date.now() < EARLY_MS) await this.#once(known.access);
    else this.#take(known);
  }

  /**
   * Renews before the end for as long as `signal` lasts, and again when that failed for now. A refresh token that is
   * refused loses the account. Never rejects.
   */
  async keep(signal: AbortSignal): Promise<void> {
    const { context } = this.#options;
    while (this.#held && !signal.aborted) {
      const { access, until } = this.#held;
      const early = EARLY_MS + Math.random() * JITTER_MS;
      await pause(context, Math.max(0, until - Date.now() - early), signal);
      if (!(await this.#untilRenewed(access, signal))) return;
      // One that is hardly good for longer than that is not renewed again at once.
      if (this.#held.until - Date.now() < early) await pause(context, AGAIN_MS, signal);
    }
  }

  /** False when that has ended: it was stopped, or the account is lost. */
  async #untilRenewed(access: string, signal: AbortSignal): Promise<boolean> {
    const { context } = this.#options;
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        await this.renew(access);
        return true;
      } catch (thrown) {
        const error = toSwitchboardError(thrown, "CONN_001");
        if (signal.aborted) return false;
        if (!error.retryable) {
          context.lost(error);
          return false;
        }
        context.log.warn({ code: error.code }, `the token could not be renewed yet: ${error.message}`);
        const again = Math.min(AGAIN_AT_MOST_MS, AGAIN_MS * 2 ** failures);
        await pause(context, Math.max(again, error.retryAfterMs ?? 0), signal);
      }
    }
    return false;
  }

  /**
   * For a call that the platform refused because its access token had expired: resolves when there is another one, which
   * may be at once. @throws CONN_*, STORE_*.
   */
  async renew(expired: string): Promise<void> {
    if (this.#held?.access === expired) await this.#once(expired);
  }

  /** Resolves when no renewal is under way: `disconnect` waits for it. Never rejects. */
  async idle(): Promise<void> {
    await this.#renewing?.catch(() => {});
  }

  /** One renewal at a time, whoever asks. */
  #once(stale: string): Promise<void> {
    this.#renewing ??= this.#renew(stale).finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  /** What is kept; what the configuration says where that is nothing, or descends from another refresh token. */
  async #begin(): Promise<Held> {
    const { context, refreshToken: refresh } = this.#options;
    for (;;) {
      const text = await context.secrets.get(KEY);
      const known = readHeld(text);
      if (known?.origin === this.#origin) return known;
      const first = held({ origin: this.#origin, access: "", refresh, until: 0 });
      const change = { key: KEY, to: first.text, ...(text !== undefined && { from: text }) };
      if (await context.secrets.swap([change])) return first;
      await context.sleep(LOOK_MS);
    }
  }

  async #renew(stale: string): Promise<void> {
    const { context } = this.#options;
    for (let waits = 0; ; waits += 1) {
      const known = readHeld(await context.secrets.get(KEY));
      if (known?.origin !== this.#origin) {
        throw new SwitchboardError("CONN_001", "The account's credential was exchanged meanwhile.", {
          scope: "account",
        });
      }
      if (known.access !== "" && known.access !== stale) return this.#take(known);
      const mark = randomUUID();
      const changes = [
        { key: KEY, from: known.text, to: known.text },
        { key: MARK, to: mark, ttlMs: MARK_MS },
      ];
      if (await context.secrets.swap(changes)) {
        if (await this.#exchange(known, mark)) return;
      } else {
        if (waits === 0) context.log.debug({}, "the token is being renewed elsewhere");
        await context.sleep(LOOK_MS);
      }
    }
  }

  /** Under the mark. False: somebody else's credential is there by now. */
  async #exchange(known: Held, mark: string): Promise<boolean> {
    const { context } = this.#options;
    let next: Held;
    try {
      const renewed = checked(await this.#call(known.refresh));
      next = held({ refresh: known.refresh, ...renewed, origin: this.#origin });
    } catch (thrown) {
      const error = withoutSecrets(thrown, known);
      const now = await this.#unmark(mark);
      // The mark had run out, and whoever took over was faster.
      if (!error.retryable && now?.origin === this.#origin && now.access !== known.access) return false;
      context.renewed(error);
      throw error;
    }
    try {
      // Kept before it is used: with the first call the old ones may end.
      if (!(await this.#write(known, next, mark))) return false;
    } catch (thrown) {
      context.renewed(toSwitchboardError(thrown, "CONN_001"));
      throw thrown;
    }
    context.renewed();
    this.#take(next);
    return true;
  }

  /** @throws CONN_007, or what the call throws. */
  async #call(refresh: string): Promise<Renewed> {
    const { call, callMs = CALL_MS } = this.#options;
    const limit = AbortSignal.timeout(Math.min(CALL_MS, callMs));
    const late = Promise.withResolvers<never>();
    limit.addEventListener(
      "abort",
      () => late.reject(new SwitchboardError("CONN_007", "The token was not renewed in time.", { scope: "account" })),
      { once: true },
    );
    // What hangs in spite of the signal must not outlast the mark.
    return Promise.race([late.promise, call(refresh, limit)]);
  }

  /** False when what was renewed is not there any more. */
  async #write(known: Held, next: Held, mark: string): Promise<boolean> {
    const { log, secrets, sleep } = this.#options.context;
    const change = { key: KEY, from: known.text, to: next.text };
    for (let attempt = 1; ; attempt += 1) {
      try {
        if (await secrets.swap([change, { key: MARK, from: mark }])) return true;
        // The mark may have run out.
        if (await secrets.swap([change])) return true;
        await this.#unmark(mark);
        return false;
      } catch (thrown) {
        if (attempt === MOST_WRITES) throw thrown;
        const { code } = toSwitchboardError(thrown);
        log.warn({ code }, "the renewed token could not be written; trying again");
        await sleep(WRITE_AGAIN_MS * 2 ** attempt).catch(() => {});
      }
    }
  }

  /** Takes the own mark away, so that nobody waits for it to run out. Resolves with what is kept now. Never rejects. */
  async #unmark(mark: string): Promise<Held | undefined> {
    const { log, secrets } = this.#options.context;
    try {
      await secrets.swap([{ key: MARK, from: mark }]);
      return readHeld(await secrets.get(KEY));
    } catch (thrown) {
      log.debug({ code: toSwitchboardError(thrown).code }, "the mark of a renewal runs out by itself");
      return undefined;
    }
  }

  #take(known: Held): void {
    this.#held = known;
    this.#options.use(known.access);
  }
}

/** @throws CONN_001. */
function checked(renewed: Renewed): Renewed {
  const { access, refresh, until } = renewed;
  if (access !== "" && refresh !== "" && Number.isFinite(until)) return renewed;
  throw new SwitchboardError("CONN_001", "The platform renewed no token.", { scope: "account" });
}

/** A foreign error is never passed on: it might hold a secret. */
function withoutSecrets(thrown: unknown, { access, refresh }: Held): SwitchboardError {
  if (!(thrown instanceof SwitchboardError)) {
    return new SwitchboardError("CONN_001", "The token could not be renewed.", { scope: "account" });
  }
  const clean = redactor(refresh, access);
  if (clean(thrown.message) === thrown.message) return thrown;
  const { code, retryable, retryAfterMs, scope } = thrown;
  return new SwitchboardError(code, clean(thrown.message), {
    retryable,
    scope,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}
