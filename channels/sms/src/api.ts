/** The few calls of Twilio's REST API that this channel makes. Basic authentication, forms in, JSON out. */
import type { IncomingMessage } from "node:http";
import {
  type CallKind,
  failedCall,
  fetchText,
  openStream,
  redactor,
  type TextAnswer,
} from "@switchboard/channel-kit/http";
import { type Json, parseJsonObject } from "@switchboard/domain";
import type { SmsConfig } from "./config.ts";
import { refused } from "./errors.ts";

export type JsonAnswer = Readonly<Record<string, Json>>;

export interface Answer {
  readonly body: JsonAnswer;
  /** Twilio's clock, Unix milliseconds. */
  readonly now: number;
}

/** Name and value; a name may come several times. */
export type Form = readonly (readonly [name: string, value: string])[];

export class TwilioApi {
  readonly #config: SmsConfig;
  readonly #account: string;
  readonly #redact: (text: string) => string;

  constructor(config: SmsConfig) {
    this.#config = config;
    this.#redact = redactor(config.authToken);
    this.#account = `${config.baseUrl.replace(/\/+$/, "")}/2010-04-01/Accounts/${config.accountSid}`;
  }

  /** `path` below the account, e.g. `/Messages.json`; empty for the account itself. @throws CONN_*, MSG_*, CFG_001. */
  get(path: string, query: Form, signal: AbortSignal): Promise<Answer> {
    return this.#call("GET", this.#address(path, query), undefined, "other", signal);
  }

  post(path: string, form: Form, kind: CallKind, signal: AbortSignal): Promise<Answer> {
    return this.#call("POST", this.#address(path, []), form, kind, signal);
  }

  /** A Messaging Service: read, or changed where there is a form. */
  service(sid: string, form: Form | undefined, signal: AbortSignal): Promise<Answer> {
    const url = `${messagingRoot(this.#config.baseUrl)}/v1/Services/${sid}`;
    return this.#call(form ? "POST" : "GET", url, form, "other", signal);
  }

  /** The next page of a list, by the address below the host that the last one named. */
  page(uri: string, signal: AbortSignal): Promise<Answer> {
    return this.#call("GET", new URL(uri, this.#config.baseUrl).toString(), undefined, "other", signal);
  }

  /** Whether it is the API's own scheme, host and port: nothing else is ever told the credential. */
  isOwn(url: string): boolean {
    return URL.canParse(url) && new URL(url).origin === new URL(this.#config.baseUrl).origin;
  }

  /** The same place at the host that this account talks to: Twilio names its own usual one. */
  atBase(url: string): string {
    const { hostname, pathname, protocol, search } = new URL(url);
    const isApi = protocol === "https:" && /^api(\.[a-z0-9-]+)*\.twilio\.com$/.test(hostname);
    return isApi ? new URL(pathname + search, this.#config.baseUrl).toString() : url;
  }

  /** Starts fetching. `authorised`: with the credential, for addresses that are `isOwn`. Rejects with CONN_001. */
  async open(url: string, authorised: boolean, signal: AbortSignal): Promise<IncomingMessage> {
    const headers = authorised && this.isOwn(url) ? this.#authorization() : {};
    try {
      return await openStream({ url, method: "GET", headers, signal, timeoutMs: this.#config.requestTimeoutMs });
    } catch (thrown) {
      throw failedCall({ platform: "Twilio", what: "media", kind: "other" }, thrown, this.#redact);
    }
  }

  #address(path: string, query: Form): string {
    const address = path === "" ? `${this.#account}.json` : this.#account + path;
    return query.length === 0
      ? address
      : `${address}?${new URLSearchParams(query.map(([name, value]): [string, string] => [name, value]))}`;
  }

  async #call(
    method: "GET" | "POST",
    url: string,
    form: Form | undefined,
    kind: CallKind,
    signal: AbortSignal,
  ): Promise<Answer> {
    const what = `${method} ${new URL(url).pathname
      .split("/")
      .slice(3)
      .join("/")
      .replace(/AC[0-9a-f]{32}/i, "account")}`;
    const { requestTimeoutMs: timeoutMs } = this.#config;
    const type = form ? { "content-type": "application/x-www-form-urlencoded" } : {};
    const body = form && new URLSearchParams(form.map(([name, value]): [string, string] => [name, value])).toString();
    let answered: TextAnswer;
    try {
      const headers = { ...this.#authorization(), ...type, accept: "application/json" };
      answered = await fetchText({ url, method, headers, body, signal, timeoutMs });
    } catch (thrown) {
      throw failedCall({ platform: "Twilio", what, kind }, thrown, this.#redact);
    }
    const { status, headers, text } = answered;
    const answer = parseJsonObject(text) as JsonAnswer | undefined;
    if (status >= 200 && status < 300 && answer) {
      return { body: answer, now: Date.parse(headers.date ?? "") || Date.now() };
    }
    const { code, message } = answer ?? {};
    throw refused(
      what,
      {
        status: status < 400 ? 502 : status,
        ...(typeof code === "number" && { code }),
        message: typeof message === "string" ? this.#redact(message) : `no answer of the API, HTTP ${status}`,
        ...retryAfter(headers["retry-after"]),
      },
      kind,
    );
  }

  #authorization() {
    const { accountSid, authToken } = this.#config;
    return { authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString("base64")}` };
  }
}

/** `https://api.dublin.ie1.twilio.com` has its Messaging Services at `https://messaging.dublin.ie1.twilio.com`. */
function messagingRoot(baseUrl: string): string {
  return baseUrl.replace(/\/+$/, "").replace(/^(https?:\/\/)api\./, "$1messaging.");
}

/** Seconds, or a date. */
function retryAfter(header: string | undefined): { readonly retryAfterMs?: number } {
  if (header === undefined) return {};
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? { retryAfterMs: ms } : {};
}
