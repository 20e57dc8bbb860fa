/** The configuration as a JSON Schema document, for editors and checks. The protocol's is written by tools/docs. */
import { Config } from "./config/config.ts";

/** The configuration file's schema: name it as `$schema` there and an editor completes and checks it. */
export function configSchema(): Record<string, unknown> {
  return { $schema: "https://json-schema.org/draft/2020-12/schema", title: "Switchboard configuration", ...Config };
}
