/** Where what we send differs from the schemas of the published package, and why that is right. */

export interface Exception {
  /** A schema there. */
  readonly schema: string;
  /** Dotted path of what is left out of the comparison; `*` stands for every entry of a list. */
  readonly field: string;
  readonly why: string;
}

export const EXCEPTIONS: readonly Exception[] = [
  {
    schema: "HelloOk",
    field: "auth.method",
    why: "came into the protocol after the package; its clients skip what they do not know",
  },
  { schema: "AgentEvent", field: "sessionKey", why: "every gateway sends it; the package's own clients read it" },
  { schema: "AgentEvent", field: "agentId", why: "every gateway sends it; the package's own clients read it" },
];

/** A copy without what the exceptions name. */
export function withoutExceptions(schema: string, value: unknown): unknown {
  const copy: unknown = structuredClone(value);
  for (const exception of EXCEPTIONS) {
    if (exception.schema === schema) remove(copy, exception.field.split("."));
  }
  return copy;
}

function remove(value: unknown, [first, ...rest]: readonly string[]): void {
  if (typeof value !== "object" || value === null || first === undefined) return;
  const there = value as Record<string, unknown>;
  const keys = first === "*" ? Object.keys(there) : [first];
  for (const key of keys) {
    if (rest.length === 0) delete there[key];
    else remove(there[key], rest);
  }
}
