/**
 * Logging an account in by steps: for platforms where nobody pastes a secret. The channel names the steps; the gateway
 * shows them to whoever logs in, at whichever of its faces and nodes, and brings back what they answer. Letting an app in
 * on a page of the platform is `Install`: the gateway makes steps of that by itself.
 */
import type { AccountRef, SelfIdentity } from "./ids.ts";
import type { JsonObject } from "./json.ts";

/** How a login begins: with a picture to scan, a code to type, a page of the platform to open. */
export type LoginKind = "qr" | "code" | "redirect";

/** One login under way, as the channel sees it. */
export interface LoginRequest extends AccountRef {
  /** What is known of the account's config, with the schema's defaults; what `Login.own` names is not in it. */
  readonly config: JsonObject;
  /** Aborted when the login was cancelled or took too long. Nothing may go on after that. */
  readonly signal: AbortSignal;
  /**
   * Shows a QR code of `payload`; called again, the new one replaces it. `text`: one line for people.
   * Rejects when the login has ended.
   */
  showQr(payload: string, text: string): Promise<void>;
  /** Resolves with what was typed, trimmed. Called again when that was wrong, with a text that says so; five times at most. */
  askCode(text: string): Promise<string>;
  /** Says what is waited for, e.g. that the phone has to confirm. */
  wait(text: string): Promise<void>;
  sleep(ms: number): Promise<void>;
}

/** What a login came to. */
export interface LoggedIn {
  /** The properties that the channel's `own` names. */
  readonly config: JsonObject;
  readonly self?: SelfIdentity;
}

export interface Login {
  readonly kind: Exclude<LoginKind, "redirect">;
  /** Properties of the config that come out of it. The others are given before it begins. */
  readonly own: readonly string[];
  /**
   * Goes through the steps. Must leave nothing behind: the account is made of what it resolves with. Rejects with CONN_*
   * or REQ_001, in words for whoever logs in.
   */
  run(request: LoginRequest): Promise<LoggedIn>;
}
