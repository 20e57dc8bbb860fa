/** Reads what a node answers. Whatever that is, the outcome is a value or a failure, within bounds. Pure. */
import { isDeeperThan, MAX_JSON_DEPTH, oneLine } from "@switchboard/domain";

/** Bytes of JSON; an answer is passed on twice, as a value and as the node's own text. */
export const MOST_ANSWER_BYTES = 10 * 1024 * 1024;
const LONGEST_MESSAGE = 500;
const CODE = /^[A-Z][A-Z0-9_]{0,63}$/;

/** As it came in a frame: its depth is bounded, its content is not. */
export interface RawAnswer {
  readonly ok: boolean;
  readonly payload?: unknown;
  readonly payloadJSON?: string | null | undefined;
  readonly error?: { readonly code?: string | undefined; readonly message?: string | undefined } | null | undefined;
}

export type NodeAnswer =
  /** `text`: `payload` as JSON, when the node sent text. */
  | { readonly ok: true; readonly payload: unknown; readonly text: string | null }
  | { readonly ok: false; readonly code: string; readonly message: string };

export function readAnswer({ error, ok, payload, payloadJSON }: RawAnswer): NodeAnswer {
  if (!ok) {
    const message = oneLine((error?.message ?? "").slice(0, LONGEST_MESSAGE));
    const code = error?.code !== undefined && CODE.test(error.code) ? error.code : "UNKNOWN";
    return { ok: false, code, message: message === "" ? "the node gave no reason" : message };
  }
  if (typeof payloadJSON === "string") {
    const read = readNodeJson(payloadJSON);
    return read.ok ? { ok: true, payload: read.value, text: JSON.stringify(read.value) } : unusable(read.reason);
  }
  const size = payload === undefined ? 0 : Buffer.byteLength(JSON.stringify(payload));
  return size > MOST_ANSWER_BYTES ? unusable("too large") : { ok: true, payload, text: null };
}

export type ReadJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: "too large" | "nested too deeply" | "not JSON" };

/** JSON that a node wrote into a string. Keys that reach an object's prototype are left out. */
export function readNodeJson(text: string, mostBytes: number = MOST_ANSWER_BYTES): ReadJson {
  const bytes = Buffer.from(text);
  if (bytes.length > mostBytes) return { ok: false, reason: "too large" };
  if (isDeeperThan(bytes, MAX_JSON_DEPTH)) return { ok: false, reason: "nested too deeply" };
  try {
    return { ok: true, value: JSON.parse(text, withoutPrototypes) };
  } catch {
    return { ok: false, reason: "not JSON" };
  }
}

function withoutPrototypes(key: string, value: unknown): unknown {
  const reaches = key === "constructor" && typeof value === "object" && value !== null;
  return key === "__proto__" || (reaches && Object.hasOwn(value, "prototype")) ? undefined : value;
}

function unusable(reason: string): NodeAnswer {
  return { ok: false, code: "INVALID_ANSWER", message: `the node's answer cannot be used: ${reason}` };
}
