/** Puts references to variables back where their values were filled in: what is shown names the variable. */
import { isReference } from "./redact.ts";

/** `raw`: as the file has it. */
export function withReferences(resolved: unknown, raw: unknown): unknown {
  if (isReference(raw)) return raw;
  if (Array.isArray(resolved)) {
    return Array.isArray(raw) ? resolved.map((each, index) => withReferences(each, raw[index])) : resolved;
  }
  if (typeof resolved !== "object" || resolved === null || typeof raw !== "object" || raw === null) return resolved;
  return Object.fromEntries(
    Object.entries(resolved).map(([name, each]) => [
      name,
      Object.hasOwn(raw, name) ? withReferences(each, (raw as Record<string, unknown>)[name]) : each,
    ]),
  );
}
