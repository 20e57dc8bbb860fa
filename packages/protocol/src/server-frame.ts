/** Apart from the schemas, so that a page that only reads frames does not load a schema library. */
import type { EventFrame, ResponseFrame } from "./frames.ts";

/** Reads a frame from the gateway; `undefined` for anything else. */
export function asServerFrame(value: unknown): ResponseFrame | EventFrame | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const frame = value as Record<string, unknown>;
  if (frame.type === "res") {
    return typeof frame.id === "string" && typeof frame.ok === "boolean"
      ? (frame as unknown as ResponseFrame)
      : undefined;
  }
  if (frame.type !== "event" || typeof frame.event !== "string") return undefined;
  return frame.seq === undefined || typeof frame.seq === "number" ? (frame as unknown as EventFrame) : undefined;
}
