/** Discord's REST API v10 as plain calls, every failure a SwitchboardError. Nothing is retried or queued here. */

import { type CallKind, type Form, failedCall, fetchText, openStream, redactor } from "@switchboard/channel-kit/http";
import { parseJsonObject, SwitchboardError } from "@switchboard/domain";
import type { DiscordConfig } from "./config.ts";
import { type Refusal, refused } from "./errors.ts";

export type ApiSettings = Pick<DiscordConfig, "token" | "baseUrl" | "cdnUrl" | "requestTimeoutMs" | "uploadTimeoutMs">;

export interface Call {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** Below `/api/v10`, with a leading slash. */
  readonly path: string;
  /** The call in a few words, for errors: they must not show the path, which may hold a token. */
  readonly what: string;
  /** `send` for calls that make a message. Default `other`. */
  readonly kind?: CallKind;
  readonly json?: unknown;
  /** A multipart body instead. */
  readonly form?: Pick<Form, "body" | "contentType" | "size">;
  readonly signal?: AbortSignal | undefined;
}

/** Discord wants `DiscordBot (<address>, <version>)`, see …/docs/reference#user-agent; the address is the API's own. */
const USER_AGENT = "DiscordBot (https://discord.com/developers/docs, 0.1.0) Switchboard";

export class DiscordApi {
  readonly #settings: ApiSettings;
  readonly #root: string;
  readonly #redact: (text: string) => string;

  constructor(settings: ApiSettings) {
    this.#settings = settings;
    this.#redact = redactor(settings.token);
    this.#root = settings.baseUrl.replace(/\/+$/, "");
  }

  /** Whether files at the address are Discord's own. */
  isOwnFile(url: string): boolean {
    if (!URL.canParse(url)) return false;
    const { host, origin, protocol } = new URL(url);
    if (origin === new URL(this.#root).origin || origin === new URL(this.#settings.cdnUrl).origin) return true;
    return protocol === "https:" && /^(cdn\.discordapp\.com|media\.discordapp\.net)$/.test(host);
  }

  /** The answer's JSON; `undefined` for 204. @throws what `refused` and `unanswered` make of a failure. */
  async call<Answer>(call: Call): Promise<Answer> {
    const { form, json, kind = "other", method, path, signal, what } = call;
    const { requestTimeoutMs, token, uploadTimeoutMs } = this.#settings;
    try {
      const { status, text } = await fetchText({
        url: `${this.#root}/api/v10${path}`,
        method,
        headers: {
          authorization: `Bot ${token}`,
          "user-agent": USER_AGENT,
          ...(form && { "content-type": form.contentType, "content-length": form.size }),
          ...(json !== undefined && { "content-type": "application/json" }),
        },
        body: form?.body ?? (json === undefined ? undefined : JSON.stringify(json)),
        signal,
        timeoutMs: form ? uploadTimeoutMs : requestTimeoutMs,
      });
      if (status === 204) return undefined as Answer;
      const answer = read(text);
      if (status >= 200 && status < 300 && answer !== undefined) return answer as Answer;
      throw refused(what, this.#refusal(status, answer), kind);
    } catch (thrown) {
      throw failedCall({ platform: "Discord", what, kind }, thrown, this.#redact);
    }
  }

  /** Starts fetching a file. @throws CONN_001, REQ_002. */
  async download(url: string, signal: AbortSignal) {
    try {
      const response = await openStream({
        url,
        method: "GET",
        headers: { "user-agent": USER_AGENT },
        signal,
        timeoutMs: this.#settings.requestTimeoutMs,
      });
      if (response.statusCode === 200) return response;
      response.destroy();
      throw new SwitchboardError("REQ_002", `Discord does not offer this file any more (HTTP ${response.statusCode}).`);
    } catch (thrown) {
      throw failedCall({ platform: "Discord", what: "download", kind: "other" }, thrown, this.#redact);
    }
  }

  #refusal(status: number, answer: unknown): Refusal {
    const body = typeof answer === "object" && answer !== null ? (answer as Record<string, unknown>) : undefined;
    if (!body || typeof body.message !== "string") {
      return {
        status: status < 300 ? 502 : status,
        code: 0,
        message: `no answer of its API, HTTP ${status}`,
        foreign: true,
      };
    }
    const { code, errors, message, retry_after: seconds } = body;
    const reasons = reasonsIn(errors).slice(0, 3).join("; ");
    return {
      status,
      code: typeof code === "number" ? code : 0,
      message: this.#redact(reasons === "" ? message : `${message}: ${reasons}`),
      ...(typeof seconds === "number" && { retryAfterMs: Math.ceil(seconds * 1000) }),
      ...(body.global === true && { global: true }),
    };
  }
}

/** Objects and lists only. */
function read(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return parseJsonObject(text);
  }
}

/** Discord nests its reasons by field: `{content: {_errors: [{message}]}}`. */
function reasonsIn(errors: unknown, path = ""): string[] {
  if (typeof errors !== "object" || errors === null) return [];
  return Object.entries(errors).flatMap(([name, inner]) => {
    if (name !== "_errors") return reasonsIn(inner, path === "" ? name : `${path}.${name}`);
    return Array.isArray(inner) ? inner.map((each: { message?: unknown }) => `${path}: ${String(each?.message)}`) : [];
  });
}
