/** A value that fits a schema of the protocol, to begin spoiling from. */
import type { Random } from "../long-run/random.ts";

/** The part of JSON Schema that the protocol's schemas use. */
interface Schema {
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly minimum?: number;
}

/** Words that mean something to one method or another. */
export const WORDS = [
  "main",
  "default",
  "agent:main:main",
  "operator.read",
  "operator.admin",
  "operator",
  "node",
  "health",
  "ada@example.com",
  "x",
];

/** `words`: what texts are made of. */
export function exampleOf(schema: object, random: Random, words: readonly string[] = WORDS): unknown {
  const { anyOf, const: only, enum: choices, items, minItems = 0, minimum = 0, minLength = 0, type } = schema as Schema;
  if (only !== undefined) return only;
  if (choices) return random.pick(choices);
  if (anyOf) return exampleOf(random.pick(anyOf), random, words);
  if (type === "object") return exampleObject(schema as Schema, random, words);
  if (type === "array") {
    return items
      ? Array.from({ length: Math.max(minItems, random.whole(0, 2)) }, () => exampleOf(items, random, words))
      : [];
  }
  if (type === "string") return random.pick(words).padEnd(minLength, "x");
  if (type === "integer" || type === "number") return minimum + random.whole(0, 10);
  return random.chance(0.5);
}

function exampleObject(
  { patternProperties, properties = {}, required = [] }: Schema,
  random: Random,
  words: readonly string[],
): object {
  const known = Object.entries(properties)
    .filter(([name]) => required.includes(name) || random.chance(0.5))
    .map(([name, each]) => [name, exampleOf(each, random, words)]);
  const [any] = Object.values(patternProperties ?? {});
  return Object.fromEntries([...known, ...(any ? [["x", exampleOf(any, random, words)]] : [])]);
}
