/**
 * Hides secrets in a configuration (CRED-3), and puts them back where a change left them as they were shown. What a
 * channel does not declare is judged by its name; of a channel that is not known every text is hidden: a list of what
 * to hide must not fail open (GHSA-cwj3-vqpp-pmxr).
 */
import { SwitchboardError } from "@switchboard/domain";

/** What stands where a secret was. */
export const HIDDEN = "[hidden]";
/** The same, as other gateways write it; clients may have kept it in a draft. */
const PLACEHOLDERS: readonly unknown[] = [HIDDEN, "__OPENCLAW_REDACTED__"];

const SECRET = /(token|password|passphrase|secret|api_?key|private_?key|authorization|credentials?|cookie)$/i;

/** The secrets that a channel declares among its settings; `undefined` for a channel that is not known. */
export type SecretsOf = (channel: string) => readonly string[] | undefined;

type Path = readonly string[];

/** A copy in which every secret reads `[hidden]`; a reference to a variable stays readable. */
export function redactSecrets(value: unknown, secretsOf: SecretsOf = () => []): unknown {
  return redacted(value, [], secretsOf);
}

function redacted(value: unknown, path: Path, secretsOf: SecretsOf): unknown {
  if (isReference(value)) return value;
  if (Array.isArray(value)) return value.map((each) => redacted(each, path, secretsOf));
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value);
    return Object.fromEntries(entries.map(([name, each]) => [name, redacted(each, [...path, name], secretsOf)]));
  }
  const isText = typeof value === "string" || typeof value === "number";
  return isText && isSecret(value, path, secretsOf) ? HIDDEN : value;
}

function isSecret(value: string | number, path: Path, secretsOf: SecretsOf): boolean {
  const name = path.at(-1) ?? "";
  if (SECRET.test(name) || path.at(-2) === "headers" || holdsCredentials(value)) return true;
  const [section, channel = "", , part, setting = ""] = path;
  if (section !== "channels" || part !== "config") return false;
  const declared = secretsOf(channel);
  return declared === undefined ? typeof value === "string" : declared.includes(setting);
}

/** An address with a user name, a password or a query, any of which may be a key. */
function holdsCredentials(value: string | number): boolean {
  if (typeof value === "number" || !/^[a-z][a-z0-9+.-]*:\/\//i.test(value) || !URL.canParse(value)) return false;
  const { password, search, username } = new URL(value);
  return password !== "" || search !== "" || username !== "";
}

/** `{ "env": "NAME" }`. */
export function isReference(value: unknown): value is { readonly env: string } {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const [first, ...others] = Object.entries(value);
  return others.length === 0 && first?.[0] === "env" && typeof first[1] === "string";
}

/**
 * A copy of `next` in which every `[hidden]` has the value it hides. `before`: the file's content. `inForce`: what
 * counts; where only that has a value it comes from the environment, and the setting is left out of the file.
 * @throws REQ_001 where there is nothing that it could hide.
 */
export function restoreSecrets(next: unknown, before: unknown, inForce: unknown): unknown {
  return restored(next, before, inForce, []);
}

function restored(next: unknown, before: unknown, inForce: unknown, path: Path): unknown {
  if (PLACEHOLDERS.includes(next)) {
    if (typeof before === "string" || typeof before === "number" || isReference(before)) return before;
    if (inForce !== undefined && typeof inForce !== "object") return undefined;
    throw new SwitchboardError("REQ_001", `${path.join(".")} reads ${HIDDEN}, and there is no value to keep.`, {
      action: 'Give the secret itself, or a reference like { "env": "NAME" }.',
    });
  }
  if (Array.isArray(next)) {
    return next.map((each, index) =>
      restored(each, counterpart(each, index, before), counterpart(each, index, inForce), [...path, String(index)]),
    );
  }
  if (typeof next !== "object" || next === null) return next;
  const entries = Object.entries(next).map(([name, each]) => [
    name,
    restored(each, member(before, name), member(inForce, name), [...path, name]),
  ]);
  return Object.fromEntries(entries.filter(([, each]) => each !== undefined));
}

/** In a list, what has the same `id`; without ids, what stands in the same place. */
function counterpart(each: unknown, index: number, list: unknown): unknown {
  if (!Array.isArray(list)) return undefined;
  const id = member(each, "id");
  return id === undefined ? list[index] : list.find((other) => member(other, "id") === id);
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}
