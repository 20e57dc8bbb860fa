/**
 * Lays a patch over a configuration (RFC 7396): `null` takes out, objects are merged. Lists are not as simple: entries
 * with an `id` are merged by it, and a patch that would lose entries has to say so.
 */
import { isDeepStrictEqual } from "node:util";
import { SwitchboardError } from "@switchboard/domain";

type Whole = Readonly<Record<string, unknown>>;

/** `replace`: paths that are replaced whole, e.g. `bindings`, `agents[].models`. @throws REQ_001 naming the list. */
export function mergePatch(before: Whole, patch: Whole, replace: readonly string[] = []): Record<string, unknown> {
  return mergeObject(before, patch, "", new Set(replace));
}

function mergeObject(before: Whole, patch: Whole, path: string, replace: ReadonlySet<string>): Record<string, unknown> {
  const merged = new Map(Object.entries(before));
  for (const [name, value] of Object.entries(patch)) {
    const place = path === "" ? name : `${path}.${name}`;
    if (value === null) merged.delete(name);
    else merged.set(name, mergeValue(merged.get(name), value, place, replace));
  }
  return Object.fromEntries(merged);
}

function mergeValue(before: unknown, patch: unknown, path: string, replace: ReadonlySet<string>): unknown {
  const whole = replace.has(path);
  if (isPlainObject(patch)) return mergeObject(!whole && isPlainObject(before) ? before : {}, patch, path, replace);
  if (!Array.isArray(patch) || !Array.isArray(before) || whole) return patch;
  if (before.length > 0 && [...before, ...patch].every(hasId)) return mergeById(before, patch, path, replace);
  if (before.every((each) => patch.some((other) => isDeepStrictEqual(each, other)))) return patch;
  throw new SwitchboardError("REQ_001", `This patch would take entries out of ${path}.`, {
    action: `Name ${path} in replacePaths if that is what you mean.`,
  });
}

interface Identified extends Whole {
  readonly id: string;
}

function mergeById(
  before: readonly Identified[],
  patch: readonly Identified[],
  path: string,
  replace: ReadonlySet<string>,
): unknown[] {
  const merged = new Map<string, unknown>(before.map((each) => [each.id, each]));
  for (const each of patch) merged.set(each.id, mergeValue(merged.get(each.id), each, `${path}[]`, replace));
  return [...merged.values()];
}

function hasId(value: unknown): value is Identified {
  return isPlainObject(value) && typeof value.id === "string";
}

function isPlainObject(value: unknown): value is Whole {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
