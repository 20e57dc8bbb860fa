/** The Web API as calls: Slack's own client on our HTTP, without its retries, every failure as a SwitchboardError. */
import { AsyncLocalStorage } from "node:async_hooks";
import {
  type FetchFunction,
  LogLevel,
  type WebAPICallResult,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  WebClient,
} from "@slack/web-api";
import { type CallKind, failedCall, fetchText, type TextAnswer } from "@switchboard/channel-kit/http";
import { SwitchboardError } from "@switchboard/domain";
import type { SlackConfig } from "./config.ts";
import { foreign, rateLimited, refused, wordOf } from "./errors.ts";

type FetchResponse = Awaited<ReturnType<FetchFunction>>;

export type ApiSettings = Pick<SlackConfig, "botToken" | "appToken" | "baseUrl" | "requestTimeoutMs">;

export type Answer = WebAPICallResult & Readonly<Record<string, unknown>>;

/** What the client says while it works is said by our errors already; its debug lines would hold what people wrote. */
const silent = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Default `other`. */
  readonly kind?: CallKind;
  /** Default the bot's. */
  readonly token?: string;
}

export class SlackApi {
  readonly #settings: ApiSettings;
  readonly #client: WebClient;
  /** The client takes no signal with a call; this carries it to the `fetch` that the call ends in. */
  readonly #signals = new AsyncLocalStorage<AbortSignal | undefined>();
  #token: string;

  constructor(settings: ApiSettings) {
    this.#settings = settings;
    this.#token = settings.botToken;
    this.#client = new WebClient(undefined, {
      slackApiUrl: settings.baseUrl,
      fetch: (url, init) => this.#fetch(String(url), init),
      logger: silent,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      maxRequestConcurrency: Number.POSITIVE_INFINITY,
      allowAbsoluteUrls: false,
    });
  }

  /** Called with a token of the bot that has expired; the call is then made again, once: it was certainly not done. */
  onExpired: ((token: string) => Promise<void>) | undefined;

  /** Exchanges the bot's token for a newer one. */
  renew(token: string): void {
    this.#token = token;
  }

  get botToken(): string {
    return this.#token;
  }

  get baseUrl(): string {
    return this.#settings.baseUrl;
  }

  /** Makes one call. @throws what `errors.ts` makes of a failure. */
  async call(method: string, args: Readonly<Record<string, unknown>> = {}, options: CallOptions = {}): Promise<Answer> {
    const token = this.#token;
    try {
      return await this.#perform(method, args, options);
    } catch (thrown) {
      if (wordOf(thrown) !== "token_expired" || options.token !== undefined || !this.onExpired) throw thrown;
      await this.onExpired(token);
      return this.#perform(method, args, options);
    }
  }

  async #perform(method: string, args: Readonly<Record<string, unknown>>, options: CallOptions): Promise<Answer> {
    const { kind = "other", signal, token = this.#token } = options;
    const credential = token === "" ? {} : { token };
    try {
      return (await this.#signals.run(signal, () =>
        this.#client.apiCall(method, { ...args, ...credential }),
      )) as Answer;
    } catch (thrown) {
      throw this.#explain(thrown, kind, method);
    }
  }

  async #fetch(url: string, init: Parameters<FetchFunction>[1]): Promise<FetchResponse> {
    // The token is in the header; what the client adds to the body would be logged by proxies.
    const body = typeof init?.body === "string" ? withoutToken(init.body) : undefined;
    const answer = await fetchText({
      url,
      method: "POST",
      headers: init?.headers,
      body,
      signal: this.#signals.getStore(),
      timeoutMs: this.#settings.requestTimeoutMs,
    });
    return asResponse(url, answer);
  }

  /** Never passes a foreign error on: it might hold a token. */
  #explain(thrown: unknown, kind: CallKind, method: string): SwitchboardError {
    if (thrown instanceof SwitchboardError) return thrown;
    if (thrown instanceof WebAPIRateLimitedError) return rateLimited(method, thrown.retryAfter, kind);
    if (thrown instanceof WebAPIHTTPError) return foreign(method, thrown.statusCode, kind);
    if (thrown instanceof WebAPIPlatformError) {
      const { error, response_metadata, ...others } = thrown.data as Answer & { readonly error?: unknown };
      if (typeof error !== "string" || !/^[\w:-]{1,80}$/.test(error)) return foreign(method, 200, kind);
      return refused(
        method,
        {
          error,
          ...(typeof others.needed === "string" && { needed: others.needed }),
          ...(typeof others.provided === "string" && { provided: others.provided }),
          messages: (response_metadata?.messages ?? []).map((line) => this.#redact(String(line))),
        },
        kind,
      );
    }
    const inner: unknown = thrown instanceof WebAPIRequestError ? thrown.original : thrown;
    return failedCall({ platform: "Slack", what: method, kind }, inner, (text) => this.#redact(text));
  }

  #redact(text: string): string {
    const { appToken } = this.#settings;
    let clean = text.replaceAll(/\bx(?:ox[a-z]|app)[\w.-]{6,}/g, "<token>");
    for (const secret of [this.#token, appToken]) if (secret) clean = clean.replaceAll(secret, "<token>");
    return clean.slice(0, 300);
  }
}

function withoutToken(body: string): string {
  const fields = new URLSearchParams(body);
  fields.delete("token");
  return fields.toString();
}

function asResponse(url: string, { headers, status, text }: TextAnswer): FetchResponse {
  const entries = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value ?? "")]);
  // Without it the client takes too many calls for an error of its own.
  if (status === 429 && headers["retry-after"] === undefined) entries.push(["retry-after", "1"]);
  return {
    ok: status >= 200 && status < 300,
    status,
    statusText: "",
    url,
    headers: {
      get: (name) => entries.find(([key]) => key === name.toLowerCase())?.[1] ?? null,
      entries: () => entries,
    },
    arrayBuffer: () => Promise.resolve(Buffer.from(text).buffer as ArrayBuffer),
    json: () => Promise.resolve(JSON.parse(text) as unknown),
    text: () => Promise.resolve(text),
  };
}
