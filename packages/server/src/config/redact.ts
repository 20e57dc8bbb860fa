/** Hides secrets in a configuration, by the names of their properties (CRED-3). */

const SECRET = /(token|password|secret|api_?key|authorization|credential)$/i;

/** A copy in which every secret reads `[hidden]`; a reference to a variable stays readable. */
export function redactSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redactSecrets);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      if (name === "headers" && typeof each === "object" && each !== null) {
        return [name, Object.fromEntries(Object.keys(each).map((header) => [header, "[hidden]"]))];
      }
      return [name, SECRET.test(name) && typeof each === "string" ? "[hidden]" : redactSecrets(each)];
    }),
  );
}
