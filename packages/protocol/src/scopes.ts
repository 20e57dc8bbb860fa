/** What an operator may do. Some scopes contain others; the rest need an exact grant, or admin. */

export const SCOPES = [
  "operator.admin",
  "operator.approvals",
  "operator.pairing",
  "operator.questions",
  "operator.read",
  "operator.sessions.read",
  "operator.sessions.write",
  "operator.talk",
  "operator.talk.secrets",
  "operator.write",
] as const;

export type Scope = (typeof SCOPES)[number];

/** `node`: a device that offers commands. */
export type Role = "operator" | "node";

const contains: Partial<Record<Scope, readonly Scope[]>> = {
  "operator.admin": SCOPES,
  "operator.write": ["operator.read", "operator.talk", "operator.sessions.read", "operator.sessions.write"],
  "operator.read": ["operator.sessions.read"],
  "operator.sessions.write": ["operator.sessions.read"],
};

export function isScope(text: string): text is Scope {
  return (SCOPES as readonly string[]).includes(text);
}

/** Whether someone with `granted` may do what needs `wanted`. */
export function holds(granted: readonly Scope[], wanted: Scope): boolean {
  return granted.some((scope) => scope === wanted || contains[scope]?.includes(wanted));
}

/**
 * The part of `requested` that `ceiling` covers, in the order asked for, without doubles and unknown names. Never more
 * than either: the server computes what is granted.
 */
export function grantable(requested: readonly string[], ceiling: readonly Scope[]): Scope[] {
  const known = requested.filter(isScope).filter((scope) => holds(ceiling, scope));
  return [...new Set(known)];
}
