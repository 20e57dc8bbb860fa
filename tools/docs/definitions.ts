/**
 * Every object, enumeration and union of the protocol under a name of its own. Exported shapes keep the name they have
 * in the code; what stands inside another is named after it and its property, e.g. `HelloOkServer`. The names are
 * the same in every generated document, and none of them is left to a generator's guess.
 */
import type { Comments } from "./comments.ts";
import { type JsonSchema, reference } from "./json-schema.ts";
import { singular, typeName } from "./names.ts";

/** By what a schema keeps when it is made optional: its properties, alternatives or values. */
export type SharedNames = ReadonlyMap<object, string>;

/** What tells one schema from another; undefined for what needs no name. */
export function identity(schema: JsonSchema): object | undefined {
  if (schema.properties) return Object.keys(schema.properties).length > 0 ? schema.properties : undefined;
  return schema.enum ?? (schema.anyOf && isProperUnion(schema.anyOf) ? schema.anyOf : undefined);
}

/** Of several kinds of things; a value that may be null needs no name. */
export function isProperUnion(variants: readonly JsonSchema[]): boolean {
  return variants.filter(({ type }) => type !== "null").length > 1;
}

export class Definitions {
  readonly #shared: SharedNames;
  readonly #commentsOf: (name: string) => Comments | undefined;
  readonly #made = new Map<string, { readonly from: object | undefined; readonly schema: JsonSchema }>();

  /** `commentsOf` tells what is said of a shared name. */
  constructor(shared: SharedNames, commentsOf: (name: string) => Comments | undefined) {
    this.#shared = shared;
    this.#commentsOf = commentsOf;
  }

  /** By name, in the order of names. */
  get all(): Record<string, JsonSchema> {
    const byName = [...this.#made].sort(([one], [other]) => (one < other ? -1 : 1));
    return Object.fromEntries(byName.map(([name, { schema }]) => [name, schema]));
  }

  /** Defines a schema, as `name` unless it has a name already, and refers to it. */
  define(name: string, schema: JsonSchema, comments?: Comments): JsonSchema {
    const from = identity(schema);
    const sharedName = from && this.#shared.get(from);
    if (sharedName === undefined) return this.#add(name, schema, comments);
    return this.#add(sharedName, schema, this.#commentsOf(sharedName));
  }

  #add(name: string, schema: JsonSchema, comments: Comments | undefined): JsonSchema {
    const from = identity(schema);
    const before = this.#made.get(name);
    if (before && (from === undefined || before.from !== from))
      throw new Error(`Two different things would be called ${name}. Export one of them under a name of its own.`);
    if (!before) {
      // Kept before its inside is made, so that something else of the same name is noticed in there, too.
      this.#made.set(name, { from, schema });
      this.#made.set(name, { from, schema: described(this.#content(name, schema, comments), comments?.text) });
    }
    return reference(name);
  }

  /** A schema in place: a reference where it has or needs a name. */
  #inside(name: string, schema: JsonSchema, comments: Comments | undefined): JsonSchema {
    const from = identity(schema);
    if (from === undefined) return described(this.#content(name, schema, comments), comments?.text);
    const sharedName = this.#shared.get(from);
    const made = this.define(name, schema, comments);
    const isOwn = comments?.text !== this.#commentsOf(sharedName ?? "")?.text;
    return sharedName && isOwn ? described(made, comments?.text) : made;
  }

  #content(name: string, schema: JsonSchema, comments: Comments | undefined): JsonSchema {
    const { patternProperties, ...rest } = plain(schema);
    if (rest.properties) return { ...rest, properties: this.#properties(name, rest.properties, comments) };
    if (rest.items) return { ...rest, items: this.#inside(singular(name), rest.items, withoutText(comments)) };
    if (rest.anyOf) return { ...rest, anyOf: this.#variants(name, rest.anyOf, comments) };
    if (rest.enum?.every((value) => typeof value === "string")) return { type: "string", ...rest };
    const [values] = Object.values(patternProperties ?? {});
    return values
      ? { ...rest, additionalProperties: this.#inside(singular(name), values, withoutText(comments)) }
      : rest;
  }

  #properties(name: string, properties: Readonly<Record<string, JsonSchema>>, comments: Comments | undefined) {
    return Object.fromEntries(
      Object.entries(properties).map(([property, each]) => [
        property,
        this.#inside(`${name}${typeName(property)}`, each, comments?.properties.get(property)),
      ]),
    );
  }

  #variants(name: string, variants: readonly JsonSchema[], comments: Comments | undefined): JsonSchema[] {
    if (!isProperUnion(variants)) return variants.map((each) => this.#inside(name, each, undefined));
    return variants.map((each, index) => {
      const about = comments?.variants[index];
      return this.#inside(`${name}${typeName(distinction(each) ?? String(index + 1))}`, each, about);
    });
  }
}

/** The value that tells a variant from the others. */
function distinction({ properties = {} }: JsonSchema): string | undefined {
  for (const { const: only, enum: several } of Object.values(properties)) {
    const value = only ?? several?.[0];
    if (typeof value === "string") return value;
  }
  return undefined;
}

/** Without what the schema builder keeps for itself. */
function plain(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !key.startsWith("~")));
}

/** What is said at a place comes before what the schema says of itself, e.g. its unit. */
function described(schema: JsonSchema, text: string | undefined): JsonSchema {
  const description = [text, schema.description].filter(Boolean).join(" ");
  return description === "" ? schema : { description, ...schema, ...(text && { description }) };
}

/** What was said of a list is not said of each element. */
function withoutText(comments: Comments | undefined): Comments | undefined {
  return comments && { properties: comments.properties, variants: comments.variants };
}
