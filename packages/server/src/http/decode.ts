/** Reads JSON from outside: a body, a frame. Whatever it is, the outcome is a value or a reason, never an exception. */
import { isDeeperThan } from "@switchboard/domain";
import parser from "secure-json-parse";

export type Decoded = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string };

/** Depth is checked before parsing, and keys that reach an object's prototype are left out. */
export function decodeJson(bytes: Buffer, maxDepth: number): Decoded {
  if (isDeeperThan(bytes, maxDepth)) return { ok: false, reason: "nested too deeply" };
  try {
    const text = bytes.toString("utf8");
    return { ok: true, value: parser.parse(text, null, { protoAction: "remove", constructorAction: "remove" }) };
  } catch {
    return { ok: false, reason: "not JSON" };
  }
}
