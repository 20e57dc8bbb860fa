/** The places in a request where an id can stand, found in its schema, and requests with an id in one of them. */

/** Names of properties; `[]` is an item of an array, `*` a property of any name. */
export type Slot = readonly string[];

/** Its last name. */
export function propertyOf(slot: Slot): string {
  return slot.findLast((step) => step !== "[]" && step !== "*") ?? "";
}

/** What stands in a property of this name when nothing is tried there; `undefined`: anything. */
export type Usual = (name: string) => string | undefined;

/** The part of JSON Schema that the protocol's schemas use. */
interface Schema {
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly minimum?: number;
}

/** Every place for a text that is not one of a few. */
export function slotsOf(schema: object, at: Slot = []): Slot[] {
  const { anyOf, items, patternProperties, properties = {}, type, ...choices } = schema as Schema;
  if (choices.const !== undefined || choices.enum) return [];
  if (anyOf) return distinct(anyOf.flatMap((each) => slotsOf(each, at)));
  if (type === "string") return [at];
  if (type === "array") return items ? slotsOf(items, [...at, "[]"]) : [];
  if (type !== "object") return [];
  const known = Object.entries(properties).flatMap(([name, each]) => slotsOf(each, [...at, name]));
  return patternProperties ? [...known, [...at, "*"]] : known;
}

/** A request that fits, as small as possible, with `value` in the slot. */
export function requestWith(schema: object, usual: Usual, slot?: Slot, value?: string, name = ""): unknown {
  const { anyOf, items, minItems = 0, minLength = 1, minimum = 0, type, ...choices } = schema as Schema;
  const [step, ...rest] = slot ?? [];
  if (choices.const !== undefined) return choices.const;
  if (choices.enum) return choices.enum[0];
  if (anyOf) {
    const has = (each: Schema) => slotsOf(each).some((found) => found.join() === slot?.join());
    const chosen = (slot && anyOf.find(has)) ?? anyOf[0];
    return chosen && requestWith(chosen, usual, slot, value, name);
  }
  if (type === "string") return slot && value !== undefined ? value : (usual(name) ?? "x".padEnd(minLength, "x"));
  if (type === "integer" || type === "number") return minimum;
  if (type === "boolean") return false;
  if (type === "array") {
    const length = step === "[]" ? Math.max(1, minItems) : minItems;
    return Array.from(
      { length },
      () => items && requestWith(items, usual, step === "[]" ? rest : undefined, value, name),
    );
  }
  if (type !== "object") return undefined;
  return objectWith(schema as Schema, usual, slot, value);
}

/** Whatever else a request says, it does not wait for what will not come. */
const NEVER_WAITS: readonly string[] = ["timeoutMs"];

function objectWith({ properties = {}, required = [] }: Schema, usual: Usual, slot?: Slot, value?: string): object {
  const [step, ...rest] = slot ?? [];
  const known = Object.entries(properties)
    .filter(([name]) => required.includes(name) || name === step || NEVER_WAITS.includes(name))
    .map(([name, each]) => [
      name,
      name === step
        ? requestWith(each, usual, rest, value, name)
        : requestWith(each, usual, undefined, undefined, name),
    ]);
  return Object.fromEntries(step === "*" ? [...known, ["id", value]] : known);
}

function distinct(slots: readonly Slot[]): Slot[] {
  return [...new Map(slots.map((slot) => [slot.join("."), slot])).values()];
}
