/**
 * The one error table. Every error that leaves a package is a `SwitchboardError` with a code from here.
 * The first nine codes are the source's (REQUIREMENTS: CONN-3); the rest are ours.
 */

/** What the table says of a code. */
export interface ErrorEntry {
  /** What happened, in a few words. */
  readonly title: string;
  /** What the reader should do next. */
  readonly action: string;
  /** Whether trying the same thing again later can succeed. */
  readonly retryable: boolean;
  /** The HTTP status that a REST or webhook caller gets. */
  readonly http: number;
}

const table = {
  CONN_001: entry(
    "Connection failed",
    "It is retried with exponential backoff; check the network and the base URL.",
    true,
    502,
  ),
  CONN_002: entry("Authentication failed", "Check the account's credential and connect the account again.", false, 401),
  CONN_003: entry("Rate limit exceeded", "It is queued and sent when the platform allows.", true, 429),
  CONN_004: entry("Webhook verification failed", "Check the webhook's secret on both sides.", false, 401),
  CONN_005: entry(
    "Another consumer holds this account",
    "Stop the other process that uses the same credential.",
    true,
    409,
  ),
  CONN_006: entry(
    "Circuit open after repeated failures",
    "It is probed and resumes by itself; see the account's last error.",
    true,
    503,
  ),
  CONN_007: entry(
    "The platform did not answer in time",
    "Try again in a moment; what was asked for may have happened there.",
    true,
    504,
  ),
  MSG_001: entry(
    "Message could not be understood",
    "It was set aside with its payload; see the dead letters.",
    false,
    422,
  ),
  MSG_002: entry(
    "Message could not be delivered",
    "It is retried, then kept in the dead letters for replay.",
    true,
    502,
  ),
  MSG_003: entry("Message too large", "Send a shorter message or a smaller file.", false, 413),
  MSG_004: entry(
    "The platform forbids this message",
    "Check that the bot is in the chat, not blocked, and may write.",
    false,
    403,
  ),
  MSG_005: entry("Conversation not found", "Check the address; the chat may have been deleted.", false, 404),
  MSG_006: entry(
    "Message expired before it could be sent",
    "Replay it from the dead letters if it is still wanted.",
    false,
    410,
  ),
  MSG_007: entry(
    "Unknown whether the message arrived",
    "Look into the chat; it is sent again with a note or held, by policy.",
    false,
    504,
  ),
  MSG_008: entry("The platform has no way to show this content", "Send it in another form.", false, 422),
  SEC_001: entry("Unauthorised user", "Ask the operator for access.", false, 403),
  SEC_002: entry("Invalid signature", "The request was refused; check the shared secret.", false, 401),
  SEC_003: entry("Authority missing", "Ask an operator with the named scope.", false, 403),
  SEC_004: entry("Too many messages from this user", "Wait a moment and write again.", true, 429),
  SEC_005: entry(
    "Too many wrong codes",
    "Wait as long as the answer says; whoever waits can also be chosen from the list.",
    true,
    429,
  ),
  SEC_006: entry(
    "The certificate is not the pinned one",
    "Somebody may be in between. Compare the fingerprint with the gateway's own, and pair again if it was renewed.",
    false,
    502,
  ),
  SEC_007: entry(
    "The address is not a public one",
    "Use an address on the public Internet, or name the host in the setting egress.allow.",
    false,
    403,
  ),
  SEC_008: entry(
    "A secret cannot be opened",
    "Give the gateway back the key that is named, see: switchboard vault status.",
    true,
    503,
  ),
  SEC_009: entry("The tenant is suspended", "Ask whoever runs this gateway to resume it.", false, 403),
  SEC_010: entry(
    "A limit of this tenant is reached",
    "Wait until its day or month (UTC) is over, or ask the operator to raise it: switchboard limits.",
    false,
    403,
  ),
  SEC_011: entry("Too many requests or tries", "Wait as long as the answer says, then try again.", true, 429),
  NET_001: entry(
    "The address could not be fetched",
    "Check that it opens in a browser; a server in trouble is asked again.",
    true,
    502,
  ),
  STORE_001: entry(
    "The store does not answer",
    "Nothing was acknowledged; it is tried again. See the log for the cause.",
    true,
    503,
  ),
  STORE_002: entry(
    "The disk is full",
    "Free space in the state directory; nothing was acknowledged meanwhile.",
    true,
    507,
  ),
  STORE_003: entry(
    "The state directory cannot be written",
    "Give the process write permission or choose another state directory.",
    false,
    503,
  ),
  STORE_004: entry(
    "The store is locked by another process",
    "Close the program that holds the database file open.",
    true,
    503,
  ),
  STORE_005: entry("The store is damaged", "Restore the newest backup: switchboard backup restore <file>.", false, 503),
  STORE_006: entry(
    "The store was not made by this version of Switchboard",
    "Start the version that made it, or restore a backup that this one made.",
    false,
    503,
  ),
  STORE_007: entry("The lease on this work was lost", "Nothing to do: the new owner carries on.", false, 409),
  AGENT_001: entry("The model provider failed", "It is retried; check the provider's status and base URL.", true, 502),
  AGENT_002: entry(
    "The model took too long",
    "It is retried; raise the agent's timeout if answers are slow by nature.",
    true,
    504,
  ),
  AGENT_003: entry("The model provider's rate limit was reached", "It is retried when the provider allows.", true, 429),
  AGENT_004: entry(
    "The model's answer broke off",
    "It is retried; if it persists, lower the requested length.",
    true,
    502,
  ),
  AGENT_005: entry("The answer was stopped", "Write again to continue.", false, 499),
  AGENT_006: entry("The agent is not set up", "Check the agent's API key, base URL and model name.", false, 424),
  AGENT_007: entry(
    "The request is too long for the model",
    "Start a new session with /new, or choose a model with a larger window.",
    false,
    413,
  ),
  AGENT_008: entry(
    "The agent did not answer later, as it had said",
    "See the agent's own log, then replay the turn.",
    false,
    504,
  ),
  AGENT_009: entry(
    "The agent is not connected",
    "Start the agent's program, then replay the turn; switchboard status tells whether it is connected.",
    false,
    503,
  ),
  NODE_001: entry("The node is not connected", "Start the node and try again: switchboard nodes list.", true, 503),
  NODE_002: entry(
    "The node did not answer in time",
    "It may have done it all the same. Look at the node, or allow it more time.",
    false,
    504,
  ),
  NODE_003: entry("The node could not do it", "See the message; the node's own log says more.", false, 502),
  REQ_001: entry("Invalid request", "Correct the request as the message says.", false, 400),
  REQ_002: entry("Not found", "Check the id; list the existing ones first.", false, 404),
  REQ_003: entry("Request too large", "Send less at once.", false, 413),
  REQ_004: entry("Conflict with the present state", "Read the present state and decide again.", false, 409),
  REQ_005: entry("Not authenticated", "Pass the gateway's token.", false, 401),
  REQ_006: entry(
    "The idempotency key stands for another request",
    "Use a new key for a new request; repeat a request as it was.",
    false,
    422,
  ),
  CFG_001: entry("Invalid configuration", "Correct the setting that the message names.", false, 400),
  CFG_002: entry(
    "Unknown channel",
    "Install the channel's package or correct the name: switchboard channels list.",
    false,
    404,
  ),
  CFG_003: entry("Unknown account", "Add the account first: switchboard channels add <channel>.", false, 404),
  SYS_001: entry("The gateway is shutting down", "Try again in a moment.", true, 503),
  SYS_002: entry("Another gateway uses this state directory", "Stop it, or set another state directory.", false, 409),
  SYS_003: entry("The port is taken", "Stop the other program or choose another port.", false, 409),
  SYS_004: entry("The gateway does not answer", "Start it with: switchboard start.", true, 503),
  SYS_005: entry("Internal error", "Please report it with the log lines around it.", false, 500),
} satisfies Record<string, ErrorEntry>;

function entry(title: string, action: string, retryable: boolean, http: number): ErrorEntry {
  return { title, action, retryable, http };
}

export type ErrorCode = keyof typeof table;

/** The table itself: code to title, action, retryable and HTTP status. */
export const ERRORS: Readonly<Record<ErrorCode, ErrorEntry>> = table;

/** Whether a message that failed certainly never reached the platform, or nobody knows. */
export type Delivered = "no" | "unknown";

/** Whose trouble an error is: one message's, one conversation's, or the whole account's. */
export type ErrorScope = "message" | "conversation" | "account";

export interface ErrorOptions {
  /** Overrides the table's `action` where it would mislead. Not kept in an `ErrorRecord`. */
  action?: string;
  /** Overrides the table's `retryable`. */
  retryable?: boolean;
  /** For a failed send. Default `no`. */
  delivered?: Delivered;
  /** Default `message`. */
  scope?: ErrorScope;
  /** How long the other side asks to wait, in milliseconds. Kept between 0 and a day, whatever it says. */
  retryAfterMs?: number;
  /** Facts for a machine. Never a secret. */
  details?: Record<string, unknown>;
  cause?: unknown;
}

/** The only error type that crosses a package's border. Its message tells what happened; `action` what to do next. */
export class SwitchboardError extends Error {
  readonly code: ErrorCode;
  readonly action: string;
  readonly retryable: boolean;
  readonly delivered: Delivered;
  readonly scope: ErrorScope;
  readonly retryAfterMs: number | undefined;
  readonly details: Record<string, unknown> | undefined;

  constructor(code: ErrorCode, message?: string, options: ErrorOptions = {}) {
    super(message ?? ERRORS[code].title, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "SwitchboardError";
    this.code = code;
    this.action = options.action ?? ERRORS[code].action;
    this.retryable = options.retryable ?? ERRORS[code].retryable;
    this.delivered = options.delivered ?? "no";
    this.scope = options.scope ?? "message";
    this.retryAfterMs = plausibleWait(options.retryAfterMs);
    this.details = options.details;
  }

  get http(): number {
    return ERRORS[this.code].http;
  }
}

const LONGEST_WAIT_MS = 86_400_000;

/** What others ask for is no more than a wish: nothing waits for ever, or not at all, because of a number of theirs. */
function plausibleWait(ms = Number.NaN): number | undefined {
  return Number.isNaN(ms) ? undefined : Math.min(LONGEST_WAIT_MS, Math.max(0, ms));
}

/** An error as it is stored and sent over a wire. */
export interface ErrorRecord {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly delivered?: Delivered;
  readonly scope?: ErrorScope;
  readonly retryAfterMs?: number;
  readonly details?: Record<string, unknown>;
}

/** Wraps anything thrown; what is no `SwitchboardError` becomes `fallback` and keeps its message. */
export function toSwitchboardError(thrown: unknown, fallback: ErrorCode = "SYS_005"): SwitchboardError {
  if (thrown instanceof SwitchboardError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new SwitchboardError(fallback, message, { cause: thrown });
}

/** The storable form of an error. */
export function toErrorRecord(thrown: unknown, fallback: ErrorCode = "SYS_005"): ErrorRecord {
  const error = toSwitchboardError(thrown, fallback);
  return {
    code: error.code,
    message: error.message,
    retryable: error.retryable,
    ...(error.delivered === "unknown" && { delivered: error.delivered }),
    ...(error.scope !== "message" && { scope: error.scope }),
    ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
    ...(error.details !== undefined && { details: error.details }),
  };
}

/** The live form of a stored error. */
export function fromErrorRecord(record: ErrorRecord): SwitchboardError {
  return new SwitchboardError(record.code, record.message, {
    retryable: record.retryable,
    ...(record.delivered && { delivered: record.delivered }),
    ...(record.scope && { scope: record.scope }),
    ...(record.retryAfterMs !== undefined && { retryAfterMs: record.retryAfterMs }),
    ...(record.details && { details: record.details }),
  });
}
