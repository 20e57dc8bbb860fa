/** What went wrong at Slack, in the words of the one error table. No message and no detail ever holds a token. */

import type { CallKind } from "@switchboard/channel-kit/http";
import { type Delivered, type ErrorCode, type ErrorScope, SwitchboardError } from "@switchboard/domain";

/** What Slack says of a call that it refused. */
export interface Refusal {
  /** Slack's word for it, e.g. `channel_not_found`. */
  readonly error: string;
  /** Of `missing_scope`. */
  readonly needed?: string;
  readonly provided?: string;
  /** Further lines, e.g. which block is wrong. */
  readonly messages?: readonly string[];
}

interface Verdict {
  readonly code: ErrorCode;
  readonly scope?: ErrorScope;
  readonly retryable?: boolean;
  /** What it means, where Slack's word alone would not tell. */
  readonly says?: string;
}

const credential = (says: string): Verdict => ({ code: "CONN_002", scope: "account", says });
const forbidden = (says?: string): Verdict => ({ code: "MSG_004", scope: "conversation", ...(says && { says }) });
const missing = (says?: string): Verdict => ({ code: "MSG_005", scope: "conversation", ...(says && { says }) });
const unshowable: Verdict = { code: "MSG_008" };
const tooLarge: Verdict = { code: "MSG_003" };
/** Slack's own trouble: whether it did what was asked is not said. */
const trouble: Verdict = { code: "MSG_002", retryable: true };

/** By Slack's words, from the reference pages of the methods that are called here. */
const verdicts: Readonly<Record<string, Verdict>> = {
  invalid_auth: credential("Slack does not know the token: it was revoked or mistyped."),
  not_authed: credential("No token was given."),
  account_inactive: credential("The app was uninstalled or its bot user deleted."),
  token_revoked: credential("The token was revoked."),
  token_expired: credential("The token has expired; install the app again."),
  invalid_refresh_token: credential("The refresh token was used already or revoked; install the app again."),
  bad_client_secret: credential("The client secret is wrong."),
  invalid_client_id: credential("The client id is wrong."),
  invalid_code: {
    code: "REQ_001",
    retryable: false,
    says: "The code was used already or is too old; let the app in once more.",
  },
  bad_redirect_uri: {
    code: "CFG_001",
    says: "The gateway's address for installing is not among the app's redirect URLs (OAuth & Permissions).",
  },
  not_allowed_token_type: credential("The token is of another kind: a bot's begins with xoxb-, an app's with xapp-."),
  no_permission: credential("The token's owner may not do that."),
  org_login_required: credential("The workspace is being moved into an organisation."),
  ekm_access_denied: forbidden("The organisation's administrators have suspended messages."),
  team_access_not_granted: credential("The app was not granted access to this workspace."),
  access_denied: credential("Slack denies access."),
  enterprise_is_restricted: credential("The organisation does not allow this."),
  user_removed_from_team: credential("The bot was removed from the workspace."),
  team_disabled: credential("The workspace is disabled."),
  not_in_channel: forbidden("The bot is not in the channel; invite it with /invite."),
  is_archived: forbidden("The channel is archived."),
  restricted_action: forbidden("The workspace's settings do not allow it."),
  restricted_action_read_only_channel: forbidden("The channel is read-only."),
  restricted_action_thread_only_channel: forbidden("The channel takes answers in threads only."),
  restricted_action_non_threadable_channel: forbidden("The channel has no threads."),
  restricted_action_thread_locked: forbidden("The thread is locked."),
  messages_tab_disabled: forbidden("The app's Messages tab is off; turn it on under App Home."),
  cannot_dm_bot: forbidden("Bots cannot write to each other."),
  user_is_restricted: forbidden("The person is a guest without access."),
  as_user_not_supported: { code: "MSG_008" },
  channel_not_found: missing(),
  user_not_found: missing(),
  users_not_found: missing(),
  user_not_in_channel: missing("The person is not in the channel."),
  im_not_found: missing(),
  thread_not_found: missing(),
  message_not_found: { code: "MSG_005" },
  cant_update_message: { code: "MSG_004" },
  cant_delete_message: { code: "MSG_004" },
  edit_window_closed: { code: "MSG_004", says: "The workspace no longer allows this message to be changed." },
  invalid_name: { code: "MSG_008", says: "The workspace has no such emoji." },
  not_reactable: { code: "MSG_004" },
  too_many_emoji: { code: "MSG_004", says: "The message has as many different reactions as Slack takes." },
  too_many_reactions: { code: "MSG_004", says: "The bot has reacted as often as Slack takes." },
  bad_timestamp: { code: "MSG_005" },
  file_not_found: { code: "REQ_002" },
  file_deleted: { code: "REQ_002" },
  msg_too_long: tooLarge,
  msg_blocks_too_long: tooLarge,
  file_upload_size_restricted: tooLarge,
  metadata_too_large: tooLarge,
  storage_limit_reached: { code: "MSG_004", says: "The workspace's file storage is full." },
  no_text: unshowable,
  invalid_blocks: unshowable,
  invalid_blocks_format: unshowable,
  invalid_metadata_format: unshowable,
  invalid_metadata_schema: unshowable,
  attachment_payload_limit_exceeded: tooLarge,
  too_many_attachments: unshowable,
  invalid_arguments: unshowable,
  invalid_arg_name: unshowable,
  malware_detected: unshowable,
  blocked_file_type: unshowable,
  duplicate_message_not_found: { code: "MSG_005" },
  ratelimited: { code: "CONN_003", retryable: true },
  rate_limited: { code: "CONN_003", retryable: true },
  message_limit_exceeded: { code: "CONN_003", retryable: true },
  accesslimited: { code: "CONN_003", retryable: true },
  fatal_error: trouble,
  internal_error: trouble,
  service_unavailable: trouble,
  team_added_to_org: trouble,
  request_timeout: trouble,
  external_channel_migrating: trouble,
  team_not_found: missing("The person's workspace is not reachable from here."),
};

/** What leaves open whether the call did something: Slack says so of its own server errors. */
const doubtful: ReadonlySet<string> = new Set(["fatal_error", "internal_error", "request_timeout"]);

/** The error for a call that Slack answered with `ok: false`. */
export function refused(method: string, refusal: Refusal, kind: CallKind): SwitchboardError {
  const { error, messages = [], needed, provided } = refusal;
  const word = /^[\w:-]{1,80}$/.test(error) ? error : "an answer that is none of its own";
  const { code, retryable, scope, says } = judge(error, kind);
  const scopes =
    error === "missing_scope"
      ? `The bot lacks the scope ${needed ?? "?"}; it has ${provided ?? "none"}. Add it under OAuth & Permissions and reinstall the app. `
      : "";
  const delivered: Delivered = kind === "send" && doubtful.has(error) ? "unknown" : "no";
  const details = messages.length > 0 ? ` ${messages.slice(0, 3).join(" ")}` : "";
  return new SwitchboardError(code, `${scopes}${says ? `${says} ` : ""}Slack says: ${word}.${details} (${method})`, {
    delivered,
    ...(scope && { scope }),
    ...(retryable !== undefined && { retryable }),
    details: {
      method,
      error: word,
      ...(needed !== undefined && { needed }),
      ...(provided !== undefined && { provided }),
    },
  });
}

function judge(error: string, kind: CallKind): Verdict {
  if (error === "missing_scope") return kind === "send" ? { code: "MSG_004" } : { code: "CONN_002", scope: "account" };
  const known = Object.hasOwn(verdicts, error) ? verdicts[error] : undefined;
  if (known?.code === "CONN_003") return { ...known, scope: kind === "send" ? "conversation" : "account" };
  if (known === trouble && kind === "other") return { code: "CONN_001", scope: "account", retryable: true };
  return known ?? { code: "MSG_002", retryable: false };
}

/** Slack has had enough. */
export function rateLimited(method: string, seconds: number, kind: CallKind): SwitchboardError {
  return new SwitchboardError("CONN_003", `Slack asks to wait ${seconds} s. (${method})`, {
    retryAfterMs: seconds * 1000,
    scope: kind === "send" ? "conversation" : "account",
    details: { method },
  });
}

/** An answer that is no Web API answer, e.g. a proxy's page. */
export function foreign(method: string, status: number, kind: CallKind): SwitchboardError {
  const broken = status >= 500;
  const message = `What answered is not the Web API, or it is in trouble: HTTP ${status}. (${method})`;
  if (kind === "send" && broken) {
    return new SwitchboardError("MSG_002", message, { delivered: "unknown", details: { method, status } });
  }
  return new SwitchboardError("CONN_001", message, { scope: "account", details: { method, status } });
}

/** Slack's word for what it refused, if it is that. */
export function wordOf(thrown: unknown): string | undefined {
  const word = thrown instanceof SwitchboardError ? thrown.details?.error : undefined;
  return typeof word === "string" ? word : undefined;
}
