/** Definitions as languages without unions of objects want them. */
import { isProperUnion } from "./definitions.ts";
import { type JsonSchema, mapSchema, mapValues, reference, referred } from "./json-schema.ts";
import { typeName } from "./names.ts";

type Definitions = Readonly<Record<string, JsonSchema>>;

/**
 * A union of objects becomes one object: what every variant requires is required, the rest optional, and the field
 * that tells the variants apart is an enumeration of all its values. Any other union becomes any value, a constant a
 * plain one. What nothing
 * in `roots` leads to any more is left out.
 */
export function flatDefinitions(definitions: Definitions, roots: readonly string[]): Record<string, JsonSchema> {
  const flat: Record<string, JsonSchema> = {};
  for (const [name, schema] of Object.entries(definitions)) {
    const variants = objectVariants(schema, definitions);
    if (variants) Object.assign(flat, mergedObject(name, schema, variants, definitions));
    else if (schema.anyOf && isProperUnion(schema.anyOf)) flat[name] = {};
    else flat[name] = mapSchema(schema, simple);
  }
  return reachable(withEqualEnumsAsOne(flat), roots);
}

function reachable(definitions: Definitions, roots: readonly string[]): Record<string, JsonSchema> {
  const reached = new Map<string, JsonSchema>();
  const reach = (name: string): void => {
    if (reached.has(name)) return;
    const schema = definitions[name];
    if (!schema) throw new Error(`There is no definition ${name}.`);
    reached.set(name, schema);
    for (const next of namesIn(schema)) reach(next);
  };
  for (const root of roots) reach(root);
  return Object.fromEntries([...reached].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Of enumerations with the same values the one with the shortest name stays, and stands for all. */
function withEqualEnumsAsOne(definitions: Definitions): Definitions {
  const byLength = Object.keys(definitions).sort((one, other) => one.length - other.length || (one < other ? -1 : 1));
  const chosen = new Map<string, string>();
  const names = new Map(
    byLength.flatMap((name) => {
      const values = definitions[name]?.enum?.toSorted();
      if (!values) return [];
      const key = JSON.stringify(values);
      if (!chosen.has(key)) chosen.set(key, name);
      return [[name, chosen.get(key) ?? name]];
    }),
  );
  const redirected = (schema: JsonSchema): JsonSchema => {
    const name = names.get(referred(schema) ?? "");
    return name === undefined ? schema : reference(name);
  };
  return mapValues(definitions, (schema) => mapSchema(schema, redirected));
}

/** The names of the definitions a schema refers to. */
export function namesIn(schema: JsonSchema): string[] {
  const names: string[] = [];
  mapSchema(schema, (each) => {
    const name = referred(each);
    if (name !== undefined) names.push(name);
    return each;
  });
  return names;
}

/** The variants of a union in which each is an object. */
function objectVariants({ anyOf }: JsonSchema, definitions: Definitions): JsonSchema[] | undefined {
  const variants = anyOf?.map((each) => resolved(each, definitions));
  return variants?.every(({ type }) => type === "object") ? variants : undefined;
}

function resolved(schema: JsonSchema, definitions: Definitions): JsonSchema {
  return definitions[referred(schema) ?? ""] ?? schema;
}

function mergedObject(
  name: string,
  { description }: JsonSchema,
  variants: readonly JsonSchema[],
  definitions: Definitions,
): Definitions {
  const fields = new Set(variants.flatMap(({ properties = {} }) => Object.keys(properties)));
  const enumerations: Record<string, JsonSchema> = {};
  const properties = Object.fromEntries(
    [...fields].map((field) => {
      const schemas = variants.flatMap(({ properties }): readonly JsonSchema[] => {
        const schema = properties?.[field];
        return schema ? [schema] : [];
      });
      const values = schemas.map((each) => valuesOf(resolved(each, definitions)));
      const kinds = new Set(schemas.map((each) => JSON.stringify(mapSchema(each, undescribed))));
      if (kinds.size > 1) {
        if (values.some((each) => each.length === 0)) return [field, {}];
        const enumeration = `${name}${typeName(field)}`;
        enumerations[enumeration] = { type: "string", enum: [...new Set(values.flat())] };
        return [field, reference(enumeration)];
      }
      return [field, mapSchema(schemas[0] ?? {}, simple)];
    }),
  );
  const required = [...fields].filter((field) => variants.every((each) => each.required?.includes(field)));
  return { ...enumerations, [name]: { ...(description && { description }), type: "object", properties, required } };
}

function valuesOf({ const: only, enum: several = [] }: JsonSchema): readonly unknown[] {
  return only === undefined ? several : [only];
}

/**
 * A constant is a plain value, an object without fields is a map; a description beside a reference would make a type
 * of its own.
 */
function simple({ const: only, ...schema }: JsonSchema): JsonSchema {
  if (only !== undefined) return { ...schema, type: schema.type ?? typeof only };
  if (schema.properties && Object.keys(schema.properties).length === 0) return { type: "object" };
  return schema.$ref === undefined ? schema : { $ref: schema.$ref };
}

function undescribed({ description: _, ...schema }: JsonSchema): JsonSchema {
  return schema;
}
