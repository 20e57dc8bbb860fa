import { SwitchboardError } from "./errors.ts";
import { isDeeperThan, MAX_JSON_DEPTH } from "./json-depth.ts";

/** Values that survive JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

export type JsonObject = { readonly [key: string]: Json | undefined };

/** Parses text to a JSON object, or `undefined` when it is no object. */
export function parseJsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

const decoder = new TextDecoder();

/** The object in a body that came from outside, as UTF-8. @throws REQ_001 for anything else, and for what is too deep. */
export function parseJsonBody(body: Uint8Array): Record<string, unknown> {
  if (isDeeperThan(body, MAX_JSON_DEPTH)) {
    throw new SwitchboardError(
      "REQ_001",
      `The body has more than ${MAX_JSON_DEPTH} objects or lists inside each other.`,
    );
  }
  const value = parseJsonObject(decoder.decode(body));
  if (!value) throw new SwitchboardError("REQ_001", "The body is no JSON object.");
  return value;
}
