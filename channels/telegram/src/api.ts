/** The Bot API as typed calls: grammY's client on our HTTP, with every failure as a SwitchboardError. */

import { type CallKind, failedCall, fetchText, openStream, redactor } from "@switchboard/channel-kit/http";
import { SwitchboardError } from "@switchboard/domain";
import type { ApiMethods } from "grammy/types";
// The browser build: the same client without node-fetch and its URL tables, so it loads in a third of the time.
import { Api, GrammyError, HttpError, type RawApi } from "grammy/web";
import type { TelegramConfig } from "./config.ts";
import { type Refusal, refused } from "./errors.ts";

export type ApiSettings = Pick<TelegramConfig, "token" | "baseUrl" | "requestTimeoutMs" | "uploadTimeoutMs"> & {
  /** How long an empty poll is held by the server, on top of the time a call may take. */
  readonly pollTimeoutMs: number;
};

export type Method = string & keyof ApiMethods;
/** The parameters of each method; `undefined` for those without any. */
export type Payloads = { readonly [M in Method]: Parameters<ApiMethods[M]>[0] };

/** What grammY hands to a `fetch` of ours. */
interface FetchOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | ReadableStream<Uint8Array>;
  readonly signal: AbortSignal;
}

export class TelegramApi {
  readonly #raw: RawApi;
  readonly #settings: ApiSettings;
  readonly #root: string;
  readonly #redact: (text: string) => string;

  constructor(settings: ApiSettings) {
    this.#settings = settings;
    this.#redact = redactor(settings.token, settings.token.slice(settings.token.indexOf(":") + 1));
    this.#root = settings.baseUrl.replace(/\/+$/, "");
    const api = new Api(settings.token, {
      apiRoot: this.#root,
      fetch: ((url: string, options: FetchOptions) => this.#fetch(url, options)) as unknown as typeof fetch,
    });
    this.#raw = api.raw;
  }

  /**
   * Makes one call. `kind` is `send` for calls that make a message.
   * @throws what `refused` and `unanswered` make of a failure.
   */
  async call<M extends Method>(
    kind: CallKind,
    method: M,
    payload: Payloads[M],
    signal?: AbortSignal,
  ): Promise<ReturnType<ApiMethods[M]>> {
    const perform = this.#raw[method] as unknown as (...args: unknown[]) => Promise<ReturnType<ApiMethods[M]>>;
    try {
      // grammY fills in the payload of methods that have none.
      return await (payload === undefined ? perform(signal) : perform(payload, signal));
    } catch (thrown) {
      throw this.#explain(thrown, kind, method);
    }
  }

  /** Starts fetching a file that `getFile` named. @throws CONN_001, REQ_002. */
  async download(path: string, signal: AbortSignal) {
    const { token, requestTimeoutMs } = this.#settings;
    const url = `${this.#root}/file/bot${token}/${path.split("/").map(encodeURIComponent).join("/")}`;
    try {
      const response = await openStream({ url, method: "GET", signal, timeoutMs: requestTimeoutMs });
      if (response.statusCode === 200) return response;
      response.destroy();
      throw new SwitchboardError("REQ_002", `Telegram does not have this file any more (HTTP ${response.statusCode}).`);
    } catch (thrown) {
      throw thrown instanceof SwitchboardError ? thrown : this.#explain(thrown, "other", "getFile");
    }
  }

  async #fetch(url: string, options: FetchOptions): Promise<{ json(): unknown }> {
    const { requestTimeoutMs, uploadTimeoutMs, pollTimeoutMs } = this.#settings;
    const timeoutMs =
      typeof options.body !== "string"
        ? uploadTimeoutMs
        : requestTimeoutMs + (url.endsWith("/getUpdates") ? pollTimeoutMs : 0);
    const { status, text } = await fetchText({
      url,
      method: "POST",
      headers: options.headers,
      body: options.body,
      signal: options.signal,
      timeoutMs,
    });
    return { json: () => readAnswer(status, text) };
  }

  /** Never passes a foreign error on: it might hold the address, and the address holds the token. */
  #explain(thrown: unknown, kind: CallKind, method: string): SwitchboardError {
    if (thrown instanceof SwitchboardError) return thrown;
    if (thrown instanceof GrammyError) {
      const description = this.#redact(thrown.description);
      return refused(method, { ...pickRefusal(thrown), description }, kind);
    }
    const inner: unknown = thrown instanceof HttpError ? thrown.error : thrown;
    return failedCall({ platform: "Telegram", what: method, kind }, inner, this.#redact);
  }
}

function pickRefusal(error: GrammyError): Refusal {
  const { error_code, description, parameters } = error;
  return {
    error_code,
    description,
    parameters: {
      ...(parameters.migrate_to_chat_id !== undefined && { migrate_to_chat_id: parameters.migrate_to_chat_id }),
      ...(parameters.retry_after !== undefined && { retry_after: parameters.retry_after }),
    },
    foreign: FOREIGN.test(description),
  };
}

const FOREIGN = /^No Bot API answer/;

/** The answer's JSON. Anything else, such as a proxy's page, becomes a refusal that says so. */
function readAnswer(status: number, text: string): unknown {
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer === "object" && answer !== null && "ok" in answer) return answer;
  } catch {
    // Falls through to the same conclusion.
  }
  return { ok: false, error_code: status === 200 ? 502 : status, description: `No Bot API answer, HTTP ${status}` };
}
