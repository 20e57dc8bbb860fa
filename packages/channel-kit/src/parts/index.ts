/** Rendered parts: what every channel stores of them and reads again, and documents that are too much for it. */
import { type OutboundPart, SwitchboardError } from "@switchboard/domain";

const PREVIEW = 200;

/** A text as the preview of a part: its beginning, well formed. */
export function cutPreview(text: string): string {
  return text.slice(0, PREVIEW).toWellFormed();
}

/** The payload of a part that was stored. `isOwn` looks at what tells it apart. @throws MSG_001 for anything else. */
export function storedPayload<Payload extends object>(
  { payload }: OutboundPart,
  isOwn: (payload: Partial<Payload>) => boolean,
): Payload {
  if (typeof payload === "object" && payload !== null && isOwn(payload as Partial<Payload>)) {
    return payload as unknown as Payload;
  }
  throw new SwitchboardError("MSG_001", "The stored part was not made by this channel.");
}

/** Documents are walked recursively: one that is nested thousands deep is refused with MSG_008. */
export function notTooDeep<T>(walk: () => T): T {
  try {
    return walk();
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    throw new SwitchboardError("MSG_008", "The text is nested too deeply for a chat message.");
  }
}
