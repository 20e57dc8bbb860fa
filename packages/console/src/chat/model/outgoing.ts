/** What the person wrote and the gateway's transcript does not show yet. */
import type { AttachmentKind } from "@switchboard/domain";
import type { Plight } from "./plight.ts";

/** A file that goes with a message. Its bytes are in the gateway's media store once it has a `blob`. */
export interface OutgoingFile {
  readonly id: string;
  readonly kind: Exclude<AttachmentKind, "sticker" | "voice">;
  readonly fileName: string;
  readonly mimeType: string;
  readonly sizeBytes: number;
  readonly blob?: string;
}

/**
 * `waiting`: for the line, for files, or for an earlier message. `sending`: asked, not answered. `stored`: the gateway
 * has it durably. `failed`: the gateway said no; a retry uses the same key, so it cannot double.
 */
export type OutgoingState = "waiting" | "sending" | "stored" | "failed";

export interface Outgoing {
  /** The idempotency key, which is also the id of the run that answers. */
  readonly key: string;
  readonly session: string;
  readonly text: string;
  readonly files: readonly OutgoingFile[];
  /** Also send the answer to the session's own conversation. */
  readonly deliver?: boolean;
  /** Unix milliseconds by the browser's clock. */
  readonly at: number;
  /** The newest transcript entry that was known when it was written: it can only stand behind that one. */
  readonly after: number;
  readonly state: OutgoingState;
  readonly plight?: Plight;
  /** The gateway had it and did not take it: sending it again would change nothing. */
  readonly refused?: true;
}

/** Reads what an earlier visit kept; `undefined` for anything else. What was under way has to be asked again. */
export function asOutgoing(value: unknown): Outgoing | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { key, session, text, files, at, after, state } = value as Partial<Record<keyof Outgoing, unknown>>;
  const sound =
    typeof key === "string" &&
    typeof session === "string" &&
    typeof text === "string" &&
    typeof at === "number" &&
    typeof after === "number" &&
    Array.isArray(files);
  if (!sound) return undefined;
  const kept = value as Outgoing;
  return state === "failed" ? kept : withState(kept, "waiting");
}

export function withState(message: Outgoing, state: OutgoingState, plight?: Plight): Outgoing {
  const { plight: _, ...rest } = message;
  return { ...rest, state, ...(plight && { plight }) };
}
