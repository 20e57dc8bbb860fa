/**
 * Where a reader of a session has got to, so that after a gap it reads only what was said since. It holds while the
 * transcript only grows: when entries went, or the session began anew, the reader starts over.
 */
import type { Session, TranscriptEntry } from "@switchboard/core";

export interface Cursor {
  readonly sessionId: string;
  /** The newest entry that was read; 0 when there was none. */
  readonly seq: number;
  /** How many there were. */
  readonly entries: number;
}

/** `read`: the newest entries, oldest first. */
export function cursorAfter({ entries, id }: Session, read: readonly TranscriptEntry[], before = 0): string {
  const cursor: Cursor = { sessionId: id, seq: read.at(-1)?.seq ?? before, entries };
  return Buffer.from(JSON.stringify([1, cursor.sessionId, cursor.seq, cursor.entries])).toString("base64url");
}

/** `undefined` for what this gateway did not make. */
export function readCursor(text: string): Cursor | undefined {
  try {
    const [version, sessionId, seq, entries]: unknown[] = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    if (version !== 1 || typeof sessionId !== "string" || !isCount(seq) || !isCount(entries)) return undefined;
    return { sessionId, seq, entries };
  } catch {
    return undefined;
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
