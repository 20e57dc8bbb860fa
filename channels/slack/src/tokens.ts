/**
 * Tokens that expire (docs.slack.dev/authentication/using-token-rotation): renewed before they do, kept sealed, and used
 * by everybody at once. An account without a refresh token has one that lasts, and nothing of this happens.
 */
import { createHash } from "node:crypto";
import { pause } from "@switchboard/channel-kit/connection";
import { type AccountContext, parseJsonObject, SwitchboardError, toSwitchboardError } from "@switchboard/domain";
import type { SlackApi } from "./api.ts";
import { wordOf } from "./body.ts";
import type { SlackConfig } from "./config.ts";

const MEMORY_KEY = "token";
/** Renewed so long before it ends, and up to a minute earlier, so that many accounts do not all come at once. */
const EARLY_MS = 300_000;
const JITTER_MS = 60_000;
/** Between two attempts at a renewal that failed for now. */
const AGAIN_MS = 15_000;

interface Kept {
  /** Which installation it descends from: another refresh token in the configuration begins anew. */
  readonly origin: string;
  readonly access: string;
  readonly refresh: string;
  /** Unix milliseconds. */
  readonly until: number;
}

export class Tokens {
  readonly #api: SlackApi;
  readonly #context: AccountContext<SlackConfig>;
  #kept: Kept | undefined;
  #renewing: Promise<void> | undefined;

  constructor(api: SlackApi, context: AccountContext<SlackConfig>) {
    this.#api = api;
    this.#context = context;
  }

  /** Resolves when the token is good for a while. @throws CFG_001, CONN_*. */
  async ready(): Promise<void> {
    const { clientId, clientSecret, refreshToken } = this.#context.config;
    if (refreshToken === undefined) return;
    if (clientId === undefined || clientSecret === undefined) {
      throw new SwitchboardError("CFG_001", "A refresh token needs the app's clientId and clientSecret with it.", {
        scope: "account",
      });
    }
    const kept = readKept(await this.#context.secrets.get(MEMORY_KEY));
    const origin = digest(refreshToken);
    this.#kept = kept?.origin === origin ? kept : { origin, access: "", refresh: refreshToken, until: 0 };
    if (this.#kept.until - Date.now() < EARLY_MS) await this.renew();
    else this.#api.renew(this.#kept.access);
  }

  /** Renews before the end for as long as `signal` lasts. Never rejects. */
  async keep(signal: AbortSignal): Promise<void> {
    while (this.#kept && !signal.aborted) {
      const early = EARLY_MS + Math.random() * JITTER_MS;
      await pause(this.#context, Math.max(0, this.#kept.until - Date.now() - early), signal);
      if (signal.aborted) return;
      try {
        await this.renew();
        // One that is hardly good for longer than that is not renewed again at once.
        if (this.#kept.until - Date.now() < early) await pause(this.#context, AGAIN_MS, signal);
      } catch (thrown) {
        const error = toSwitchboardError(thrown, "CONN_001");
        if (!error.retryable) {
          this.#context.lost(error);
          return;
        }
        this.#context.log.warn({ code: error.code }, `the token could not be renewed yet: ${error.message}`);
        await pause(this.#context, Math.max(AGAIN_MS, error.retryAfterMs ?? 0), signal);
      }
    }
  }

  /** One renewal at a time, whoever asks: a refresh token is good once. @throws CONN_*. */
  async renew(): Promise<void> {
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = undefined;
    });
    await this.#renewing;
  }

  async #renew(): Promise<void> {
    const { config, secrets, signal } = this.#context;
    const before = this.#kept;
    if (!before) throw new SwitchboardError("CONN_002", "The token cannot be renewed.", { scope: "account" });
    const answer = await this.#api.call(
      "oauth.v2.access",
      {
        client_id: config.clientId,
        client_secret: config.clientSecret,
        grant_type: "refresh_token",
        refresh_token: before.refresh,
      },
      { signal, token: "" },
    );
    const access = wordOf(answer.access_token);
    const refresh = wordOf(answer.refresh_token);
    const seconds = answer.expires_in;
    if (access === undefined || refresh === undefined || typeof seconds !== "number") {
      throw new SwitchboardError("CONN_001", "Slack renewed no token.", { scope: "account" });
    }
    const kept: Kept = { origin: before.origin, access, refresh, until: Date.now() + seconds * 1000 };
    // Kept before it is used: with the first call the old ones end.
    await secrets.set(MEMORY_KEY, JSON.stringify(kept));
    this.#kept = kept;
    this.#api.renew(access);
  }
}

function readKept(text: string | undefined): Kept | undefined {
  const kept = text === undefined ? undefined : parseJsonObject(text);
  if (!kept || typeof kept.until !== "number") return undefined;
  const { access, origin, refresh, until } = kept;
  return typeof origin === "string" && typeof access === "string" && typeof refresh === "string"
    ? { origin, access, refresh, until }
    : undefined;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 16);
}
