/** Reads what the provider library threw, or put into its stream, as plain facts. */
import { parseJsonObject } from "@switchboard/domain";

export interface Failure {
  /** How far it came: no connection, an HTTP error, or a stream that went wrong. */
  readonly stage: "connect" | "refused" | "stream";
  readonly status: number | undefined;
  /** The provider's own words for a machine: type and code. */
  readonly words: readonly string[];
  /** The provider's own words for a person, or the library's. May hold secrets. */
  readonly message: string;
  /** Names are lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

export function failureOf(thrown: unknown): Failure {
  const facts = isRecord(thrown) ? thrown : {};
  const status = typeof facts.statusCode === "number" ? facts.statusCode : undefined;
  const message = messageOf(thrown);
  if (thrown instanceof Error) {
    const headers = isRecord(facts.responseHeaders) ? (facts.responseHeaders as Record<string, string>) : {};
    if (status !== undefined && (status < 200 || status >= 300)) {
      const said = errorOf(parseJsonObject(String(facts.responseBody ?? "")));
      return { stage: "refused", status, headers, words: wordsOf(said), message: textOf(said) ?? message };
    }
    // The library's wrapping of an error event.
    if (isRecord(facts.data)) return eventOf(facts.data, message);
    const broken = networkText(thrown);
    const stage = status === undefined && broken !== undefined && !hadBegun(thrown) ? "connect" : "stream";
    return { stage, status: undefined, headers, words: [], message: broken ?? message };
  }
  return eventOf(facts, message);
}

/** An error event of the stream: the provider's object as it came. */
function eventOf(event: Record<string, unknown>, message: string): Failure {
  const said = errorOf(event) ?? event;
  return {
    stage: "stream",
    status: numberOf(said.code),
    headers: {},
    words: wordsOf(said),
    message: textOf(said) ?? message,
  };
}

/** The error object inside a body: `{error: {…}}`, `{error: "…"}`, `[{error}]` or `{message}`. */
function errorOf(body: Record<string, unknown> | undefined): Record<string, unknown> | undefined {
  const error = body?.error;
  if (isRecord(error)) return error;
  if (typeof error === "string") return { ...body, message: error };
  return body;
}

function textOf(said: Record<string, unknown> | undefined): string | undefined {
  const text = said?.message ?? said?.detail;
  if (typeof text !== "string" || text.trim() === "") return undefined;
  return text;
}

function wordsOf(said: Record<string, unknown> | undefined): string[] {
  return [said?.type, said?.code].filter((word) => typeof word === "string").map((word) => word.toLowerCase());
}

function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  if (typeof thrown === "string") return thrown;
  const said = isRecord(thrown) ? (errorOf(thrown) ?? thrown) : undefined;
  return textOf(said) ?? "the stream reported an error";
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && value >= 400 && value < 600 ? value : undefined;
}

/** The causes of an error, itself first. */
function causesOf(error: Error): Error[] {
  const causes: Error[] = [];
  let current: unknown = error;
  while (current instanceof Error && causes.length < 8) {
    causes.push(current);
    current = current.cause;
  }
  return causes;
}

/** What breaks after the first bytes of an answer says so. */
function hadBegun(error: Error): boolean {
  return causesOf(error).some(({ message }) => message === "terminated");
}

/** Codes of the system, of the HTTP client and of TLS. */
const NETWORK_CODE = /^(?:E[A-Z]|UND_ERR|CERT|DEPTH|SELF|UNABLE|ERR_(?:TLS|SSL))/;

const NETWORK_TEXTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "the host name is not known",
  EAI_AGAIN: "the host name cannot be looked up right now",
  ECONNRESET: "the connection was reset",
  EPIPE: "the connection was closed",
  ETIMEDOUT: "the connection timed out",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  UND_ERR_SOCKET: "the connection was closed before an answer came",
  UND_ERR_CONNECT_TIMEOUT: "the connection timed out",
  UND_ERR_HEADERS_TIMEOUT: "no answer came",
  UND_ERR_BODY_TIMEOUT: "nothing more came",
};

/** What the network did, in words; `undefined` when it was not the network. */
function networkText(error: Error): string | undefined {
  const codes = causesOf(error).map((cause) => ("code" in cause && typeof cause.code === "string" ? cause.code : ""));
  const code = codes.findLast((each) => NETWORK_CODE.test(each));
  return code === undefined ? undefined : (NETWORK_TEXTS[code] ?? `the connection failed with ${code}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
