/** Types: told where they belong to one method or event alone, else in a section of their own. */
import type { Catalogue } from "../catalogue.ts";
import { type JsonSchema, referred } from "../json-schema.ts";
import { anchor, type FieldTables } from "../markdown.ts";

/** The type is told here when it belongs to this method or event alone, else among the types. */
export function part(title: string, of: string, schema: JsonSchema, fields: FieldTables): string {
  const type = referred(schema) ?? "";
  return isOwn(type, of) ? `**${title}** (\`${type}\`)\n\n${fields.of(type)}` : `**${title}**: ${fields.type(schema)}`;
}

/** Whether a type is named after the part of the method or event that it is. */
function isOwn(type: string, of: string): boolean {
  return type.toLowerCase() === of.toLowerCase().replace(/[^a-z0-9]/g, "");
}

export function types({ definitions, methods, events }: Catalogue, fields: FieldTables): string {
  const told = new Set([
    "ConnectParams",
    "HelloOk",
    "RequestFrame",
    "ResponseFrame",
    "EventFrame",
    ...Object.entries(methods).flatMap(([name, method]) =>
      (["params", "accepted", "result"] as const).flatMap((each) => {
        const type = referred(method[each] ?? {}) ?? "";
        return isOwn(type, `${name}.${each}`) ? [type] : [];
      }),
    ),
    ...Object.entries(events).flatMap(([name, { payload }]) => {
      const type = referred(payload) ?? "";
      return isOwn(type, `${name}.event`) ? [type] : [];
    }),
  ]);
  const sections = Object.keys(definitions)
    .filter((name) => !told.has(name) && !fields.isInlined(name))
    .map((name) => {
      const { description } = definitions[name] ?? {};
      const head = `<a id="${anchor(name)}"></a>\n\n### ${name}`;
      return [head, ...(description ? [description] : []), fields.of(name)].join("\n\n");
    });
  return ["## Types", "Shapes that several methods and events share.", ...sections].join("\n\n");
}
