/** The Graph API as calls, with every failure as a SwitchboardError. */
import { createHmac } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import {
  type CallKind,
  type Exchange,
  type Form,
  failedCall,
  fetchText,
  openStream,
  redactor,
  type TextAnswer,
} from "@switchboard/channel-kit/http";
import { type Fields, fields, text } from "@switchboard/channel-kit/json";
import { type JsonObject, SwitchboardError } from "@switchboard/domain";
import type { WhatsAppConfig } from "./config.ts";
import { type Refusal, refused } from "./errors.ts";

export type GraphSettings = Pick<
  WhatsAppConfig,
  "accessToken" | "appSecret" | "baseUrl" | "version" | "requestTimeoutMs" | "uploadTimeoutMs"
>;

export interface Call {
  /** `send` for calls that make a message. */
  readonly kind?: CallKind;
  readonly method: "GET" | "POST" | "DELETE";
  /** Below the version, e.g. `106540352242922/messages`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: JsonObject;
  /** A form with a file, instead of `body`. */
  readonly form?: Pick<Form, "body" | "contentType" | "size">;
  readonly signal?: AbortSignal | undefined;
  /** The id of the app whose own token is used instead of the account's. */
  readonly app?: string;
}

export class GraphApi {
  readonly #settings: GraphSettings;
  readonly #root: string;
  /** Proves that whoever has the token also has the app's secret: https://developers.facebook.com/docs/graph-api/guides/secure-requests */
  readonly #proof: string;
  readonly #redact: (text: string) => string;

  constructor(settings: GraphSettings) {
    this.#settings = settings;
    this.#root = settings.baseUrl.replace(/\/+$/, "");
    this.#proof = createHmac("sha256", settings.appSecret).update(settings.accessToken).digest("hex");
    this.#redact = redactor(settings.accessToken, settings.appSecret, this.#proof);
  }

  get origin(): string {
    return new URL(this.#root).origin;
  }

  /** Makes one call. @throws what `refused` and `unanswered` make of a failure. */
  async call({ app, body, form, kind = "other", method, path, query, signal }: Call): Promise<Fields> {
    const { appSecret, requestTimeoutMs, uploadTimeoutMs, version } = this.#settings;
    const token = app === undefined ? this.#settings.accessToken : `${app}|${appSecret}`;
    const proof = app === undefined && { appsecret_proof: this.#proof };
    const parameters = new URLSearchParams({ ...query, ...proof });
    const what = `${method} ${path.replace(/\d{5,}/g, "…")}`;
    const exchange: Exchange = {
      url: `${this.#root}/${version}/${path}?${parameters}`,
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body && { "content-type": "application/json" }),
        ...(form && { "content-type": form.contentType, "content-length": form.size }),
      },
      body: form?.body ?? (body && JSON.stringify(body)),
      signal,
      timeoutMs: form ? uploadTimeoutMs : requestTimeoutMs,
    };
    const answer = await fetchText(exchange).catch((thrown: unknown) => {
      throw failedCall({ platform: "WhatsApp", what, kind }, thrown, this.#redact);
    });
    const value = parse(answer.text);
    if (answer.status >= 200 && answer.status <= 299 && value) return value;
    throw refused(what, this.#refusal(answer, value), kind);
  }

  /** Starts fetching a file from an address that the Graph API named. @throws CONN_001, REQ_002. */
  async download(url: string, signal: AbortSignal): Promise<IncomingMessage> {
    const { accessToken, requestTimeoutMs } = this.#settings;
    // Without a name of its own the file server refuses: it takes callers for browsers.
    const headers = { authorization: `Bearer ${accessToken}`, "user-agent": "switchboard" };
    const exchange: Exchange = { url, method: "GET", headers, signal, timeoutMs: requestTimeoutMs };
    const response = await openStream(exchange).catch((thrown: unknown) => {
      throw failedCall({ platform: "WhatsApp", what: "GET file", kind: "other" }, thrown, this.#redact);
    });
    if (response.statusCode === 200) return response;
    response.destroy();
    throw new SwitchboardError("REQ_002", `WhatsApp does not have this file any more (HTTP ${response.statusCode}).`);
  }

  #refusal({ headers, status }: TextAnswer, value: Fields | undefined): Refusal {
    const error = fields(value?.error);
    const { code, error_data: data, message } = error;
    if (typeof code !== "number") {
      return { status, code: 0, message: `No answer of the Graph API, HTTP ${status}`, foreign: true };
    }
    const details = text(fields(data).details);
    const retryAfterMs = waitOf(headers);
    return {
      status,
      code,
      message: this.#redact(text(message) ?? "no reason given"),
      ...(details !== undefined && { details: this.#redact(details) }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    };
  }
}

function parse(body: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}

/** Minutes until the business may call again: https://developers.facebook.com/docs/graph-api/overview/rate-limiting */
function waitOf(headers: IncomingHttpHeaders): number | undefined {
  const seconds = Number(headers["retry-after"] ?? Number.NaN);
  if (Number.isFinite(seconds) && seconds > 0) return seconds * 1000;
  const usage = headers["x-business-use-case-usage"];
  const all = Object.values(parse(typeof usage === "string" ? usage : "") ?? {}).flat();
  const minutes = Math.max(0, ...all.map((each) => Number(fields(each).estimated_time_to_regain_access) || 0));
  return minutes > 0 ? minutes * 60_000 : undefined;
}
