/** Keeps keys out of what people and logs get to see (CRED-3). */

export type Redact = (text: string) => string;

/** Shorter values would blot out ordinary words. */
const SHORTEST = 6;

/** Removes the given secrets, and what looks like a key of somebody else's, e.g. of a proxy behind the endpoint. */
export function redactor(secrets: readonly string[]): Redact {
  const own = secrets.flatMap(formsOf).filter((secret) => secret.length >= SHORTEST);
  // Longest first: one may be a part of another.
  own.sort((one, other) => other.length - one.length);
  return (text) => {
    let clean = text;
    for (const secret of own) clean = clean.replaceAll(secret, "[redacted]");
    return clean
      .replaceAll(/\b(?:sk|pk|rk)-[\w-]{12,}/g, "[redacted]")
      .replaceAll(/\bBearer\s+[\w.~+/=-]{8,}/gi, "Bearer [redacted]");
  };
}

/** A header such as `Bearer x` also hides `x`; both also as they look in URLs and JSON. */
function formsOf(secret: string): string[] {
  const plain = secret.includes(" ") ? [secret, ...secret.split(" ")] : [secret];
  return [...new Set(plain.flatMap((form) => [form, encodeURIComponent(form), JSON.stringify(form).slice(1, -1)]))];
}
