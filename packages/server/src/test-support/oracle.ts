/** The schemas that clients of the wider world were built from. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { problemsOf } from "@switchboard/domain";
import type { TSchema } from "@switchboard/domain/schema";

const entry = createRequire(import.meta.url).resolve("@openclaw/gateway-protocol");
const file = new URL("../protocol.schema.json", pathToFileURL(entry));
const { definitions } = JSON.parse(readFileSync(file, "utf8")) as { definitions: Record<string, TSchema> };

/** What the schema of that name there says against a value; empty when it fits. */
export function againstTheirs(name: string, value: unknown): string[] {
  const definition = definitions[name];
  if (!definition) throw new Error(`the package has no schema ${name}`);
  return problemsOf(definition, value);
}
