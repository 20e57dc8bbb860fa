/** Writes the JSON Schema documents: `node --conditions=@switchboard/source packages/protocol/src/generate.ts`. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { configSchema, protocolSchema } from "./json-schema.ts";

const docs = new URL("../../../docs/", import.meta.url);
const documents = { "protocol.schema.json": protocolSchema(), "config.schema.json": configSchema() };

mkdirSync(docs, { recursive: true });
const paths = Object.entries(documents).map(([name, document]) => {
  const path = fileURLToPath(new URL(name, docs));
  writeFileSync(path, `${JSON.stringify(document, null, 2)}\n`);
  return path;
});
const biome = createRequire(import.meta.url).resolve("@biomejs/biome/bin/biome");
execFileSync(process.execPath, [biome, "format", "--write", ...paths], { stdio: "inherit" });
