/** Markdown out of schemas. */
import { namesIn } from "./flat.ts";
import { type JsonSchema, referred } from "./json-schema.ts";

export type Cell = string | number;

export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const line = (cells: readonly Cell[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---|").join("")}`, ...rows.map(line)].join("\n");
}

function cell(content: Cell): string {
  return String(content)
    .replaceAll("\n", " ")
    .replace(/(?<!\\)\|/g, "\\|");
}

export function code(text: unknown): string {
  return `\`${text}\``;
}

export function anchor(type: string): string {
  return `type-${type.toLowerCase()}`;
}

/** Tables of the fields of one definition after the other. */
export class FieldTables {
  readonly #definitions: Readonly<Record<string, JsonSchema>>;
  /** Types that are named after the only one that uses them, and told there. */
  readonly #inlined: ReadonlySet<string>;

  constructor(definitions: Readonly<Record<string, JsonSchema>>) {
    this.#definitions = definitions;
    const users = new Map<string, string[]>();
    for (const [user, schema] of Object.entries(definitions))
      for (const name of namesIn(schema)) users.set(name, [...(users.get(name) ?? []), user]);
    const inlined = [...users].filter(([name, [user = "", ...others]]) => {
      return others.length === 0 && name.startsWith(user) && definitions[name]?.properties !== undefined;
    });
    this.#inlined = new Set(inlined.map(([name]) => name));
  }

  /** Whether a type is told where it is used and has no place of its own. */
  isInlined(name: string): boolean {
    return this.#inlined.has(name) || this.#definitions[name]?.enum !== undefined;
  }

  /** What a definition looks like: a table of its fields, or the kinds of things it may be. */
  of(name: string): string {
    const schema = this.#definitions[name];
    if (!schema) throw new Error(`There is no definition ${name}.`);
    if (schema.anyOf) return this.#variants(name, schema.anyOf);
    if (schema.properties === undefined) return `${this.type(schema)}.`;
    const rows = this.#rows("", schema);
    return rows.length === 0 ? "No fields." : table(["Field", "Type", "Meaning"], rows);
  }

  #variants(name: string, variants: readonly JsonSchema[]): string {
    return variants
      .map((each) => {
        const variant = referred(each) ?? "";
        const schema = this.#definitions[variant] ?? each;
        if (!schema.properties) return "**An empty object**";
        if (!this.isInlined(variant)) return `**${this.type(each)}**`;
        const about = each.description ?? schema.description;
        const title = `**${variant.slice(name.length)}**${about ? `: ${about}` : ""}`;
        return `${title}\n\n${table(["Field", "Type", "Meaning"], this.#rows("", schema))}`;
      })
      .join("\n\n");
  }

  /** `path`: where the object stands, with a dot at its end. */
  #rows(path: string, { properties = {}, required = [] }: JsonSchema): Cell[][] {
    return Object.entries(properties).flatMap(([field, schema]) => {
      const optional = required.includes(field) ? "" : "?";
      const { element, suffix } = inner(schema);
      const target = referred(element) ?? "";
      const definition = this.isInlined(target) ? this.#definitions[target] : undefined;
      const meaning = schema.description ?? definition?.description ?? "";
      const row = [code(`${path}${field}${optional}`), this.type(schema), meaning];
      return definition ? [row, ...this.#rows(`${path}${field}${suffix}.`, definition)] : [row];
    });
  }

  /** A type in words. */
  type(schema: JsonSchema): string {
    const name = referred(schema);
    if (name !== undefined) {
      const target = this.#definitions[name] ?? {};
      if (target.enum) return target.enum.map(code).join(", ");
      if (this.isInlined(name)) return "object";
      return `[${name}](#${anchor(name)})`;
    }
    if (schema.const !== undefined) return code(schema.const);
    if (schema.enum) return schema.enum.map(code).join(", ");
    if (schema.anyOf) return schema.anyOf.map((each) => this.type(each)).join(" or ");
    if (schema.items)
      return `list${schema.maxItems === undefined ? "" : ` (at most ${schema.maxItems})`} of ${this.type(schema.items)}`;
    if (typeof schema.additionalProperties === "object") {
      const values = this.type(schema.additionalProperties);
      return values === "anything" ? "object" : `map to ${values}`;
    }
    if (schema.type === undefined) return "anything";
    const from = schema.minimum === undefined || schema.minimum === 0 ? "" : ` ≥ ${schema.minimum}`;
    const to = schema.maximum === undefined ? "" : ` ≤ ${schema.maximum}`;
    return `${schema.type}${from}${to}${schema.maxLength === undefined ? "" : `, at most ${schema.maxLength} characters`}`;
  }
}

/** What a list or a map consists of, and how a path goes on from there. */
function inner(schema: JsonSchema): { element: JsonSchema; suffix: string } {
  if (schema.items) return { element: schema.items, suffix: "[]" };
  if (typeof schema.additionalProperties === "object") return { element: schema.additionalProperties, suffix: ".*" };
  return { element: schema, suffix: "" };
}
