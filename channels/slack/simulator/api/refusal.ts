/** What Slack says when it does not do what it was asked. */
import { type Fault, SwitchboardError } from "@switchboard/domain";
import { retryAfterSeconds } from "@switchboard/simulator-kit";

export class ApiRefusal extends Error {
  readonly word: string;
  readonly extra: Readonly<Record<string, unknown>>;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    word: string,
    extra: Readonly<Record<string, unknown>> = {},
    status = 200,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(word);
    this.name = "ApiRefusal";
    this.word = word;
    this.extra = extra;
    this.status = status;
    this.headers = headers;
  }
}

/** With lines that say what is wrong where. */
export function invalid(word: string, ...messages: readonly string[]): ApiRefusal {
  return new ApiRefusal(word, { response_metadata: { messages: messages.map((line) => `[ERROR] ${line}`) } });
}

export function missingScope(needed: string, provided: readonly string[]): ApiRefusal {
  return new ApiRefusal("missing_scope", { needed, provided: provided.join(",") });
}

/** What a fault makes of a call; `undefined` for faults that are no refusal. */
export function faultRefusal(fault: Fault): ApiRefusal | undefined {
  switch (fault.kind) {
    case "rate-limit":
      return new ApiRefusal("ratelimited", {}, 429, { "retry-after": String(retryAfterSeconds(fault)) });
    case "server-error":
      return new ApiRefusal("service_unavailable", {}, 503);
    case "forbidden":
      return new ApiRefusal("not_in_channel");
    case "unauthorised":
      return new ApiRefusal("invalid_auth");
    default:
      return undefined;
  }
}

export function asRefusal(error: unknown): ApiRefusal {
  if (error instanceof ApiRefusal) return error;
  if (error instanceof SwitchboardError && error.code === "REQ_003")
    return new ApiRefusal("request_too_large", {}, 413);
  return new ApiRefusal("internal_error", {}, 500);
}
