/** What the sandbox's page and server say to each other. */
import type { LiveStep, Result } from "@switchboard/protocol";
import type { GatewayState } from "./gateway-handle.ts";

/** `GET /api/state`, and the event `state` of `GET /api/events`, which comes first after every connection. */
export interface SandboxState {
  readonly gateway: GatewayInfo;
  readonly platforms: readonly PlatformInfo[];
  /** Oldest first. */
  readonly messages: readonly TracedMessage[];
}

/** Also the event `gateway`. */
export interface GatewayInfo {
  readonly state: GatewayState;
  readonly url?: string;
  /** Counts the times it has come up since the sandbox began. */
  readonly starts: number;
}

export interface PlatformInfo {
  readonly id: string;
  readonly label: string;
  /** The page in which one plays the platform's people. */
  readonly pane: string;
}

/** One message on its way, with everything that belongs to it. Also the event `message`, whenever it changed. */
export interface TracedMessage {
  /** The first id it was known by; stays. */
  readonly id: string;
  /** Inbox events, turn and deliveries: any of them is good for `GET /api/trace/:id`. */
  readonly ids: readonly string[];
  /** Ids of messages that turned out to be this one. */
  readonly was: readonly string[];
  readonly channel?: string;
  readonly accountId?: string;
  readonly session?: string;
  /** What was said, in short. */
  readonly preview?: string;
  /** Where it is now, in the gateway's words. */
  readonly summary?: string;
  /** Oldest first. */
  readonly steps: readonly TracedStep[];
}

export type TracedStep = Pick<LiveStep, "at" | "step" | "subject" | "detail">;

/** `GET /api/trace/:id`. */
export type FullTrace = Result<"trace.get">;

/** `POST /api/webchat`: where the page is; the answer also sets the gateway's session cookie. */
export interface WebchatPlace {
  readonly url: string;
}

/** Any answer with a status of 400 or more. */
export interface SandboxError {
  readonly error: { readonly code: string; readonly message: string; readonly action: string };
}
