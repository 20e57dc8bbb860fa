/** The schemas that clients of the wider world were built from, to hold our own frames against. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { problemsOf } from "@switchboard/domain";
import type { TSchema } from "@switchboard/domain/schema";

const entry = createRequire(import.meta.url).resolve("@openclaw/gateway-protocol");
const file = new URL("../protocol.schema.json", pathToFileURL(entry));

export const oracle = JSON.parse(readFileSync(file, "utf8")) as {
  readonly definitions: Readonly<Record<string, object>>;
  readonly methods: Readonly<Record<string, { readonly scope: string }>>;
};

/** What is wrong with a value by the schema of that name there; empty when it fits. */
export function fits(name: string, value: unknown): string[] {
  const definition = oracle.definitions[name];
  if (!definition) throw new Error(`the package has no schema ${name}`);
  return problemsOf(definition as TSchema, JSON.parse(JSON.stringify(value)));
}
