/**
 * Checks calls and answers against Twilio's OpenAPI description: every operation with its parameters, every resource
 * with its fields. The description is not part of this project.
 */
import { readFileSync } from "node:fs";
import type { SeenCall } from "@switchboard/simulator-kit/testing";

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly nullable?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export class SpecChecker {
  readonly #description: Description;
  readonly #operations = new Set<string>();
  requests = 0;

  constructor(file: string) {
    this.#description = JSON.parse(readFileSync(file, "utf8")) as Description;
  }

  get operations(): readonly string[] {
    return [...this.#operations].sort();
  }

  get described(): number {
    return Object.values(this.#description.paths).flatMap((path) =>
      Object.keys(path).filter((name) => ["get", "post", "delete"].includes(name)),
    ).length;
  }

  /** What is wrong, in words; nothing when all is well. */
  check({ answer, body, method, path, status }: SeenCall): string[] {
    this.requests += 1;
    const [plain = "", query = ""] = path.split("?");
    const found = this.#find(method, plain);
    if (!found) return [`${method} ${plain} is no operation of the description`];
    const { name, operation } = found;
    this.#operations.add(name);
    const known = (operation.parameters ?? []).filter((parameter) => parameter.in === "query");
    const problems = this.#params(
      name,
      query,
      Object.fromEntries(known.map(({ name: key, schema }) => [key, schema])),
      [],
    );
    const form = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
    if (method === "POST")
      problems.push(...this.#params(name, body.toString(), form?.properties ?? {}, form?.required ?? []));
    if (status >= 400) return [...problems, ...refusal(name, status, answer)];
    const schema = Object.values(operation.responses[status]?.content ?? {})[0]?.schema;
    return schema
      ? [...problems, ...this.#value(name, schema, answer)]
      : [...problems, `${name} has no answer ${status}`];
  }

  #find(method: string, path: string) {
    for (const [template, operations] of Object.entries(this.#description.paths)) {
      const pattern = new RegExp(`^${template.replaceAll(".", "\\.").replaceAll(/\{[^}]+\}/g, "[^/.]+")}$`);
      const operation = operations[method.toLowerCase()];
      if (operation && pattern.test(path)) return { name: `${method} ${template}`, operation };
    }
    return undefined;
  }

  #params(where: string, text: string, known: Readonly<Record<string, Schema>>, required: readonly string[]): string[] {
    const params = new URLSearchParams(text);
    const problems = required.filter((name) => !params.has(name)).map((name) => `${where}: ${name} is missing`);
    for (const [name, value] of params) {
      const found = known[name];
      if (!found) {
        problems.push(`${where}: there is no parameter ${name}`);
        continue;
      }
      const outer = this.#resolved(found);
      const { enum: choices, pattern, type } = outer.items ? this.#resolved(outer.items) : outer;
      if (choices && !choices.includes(value)) problems.push(`${where}: ${name} is ${value}`);
      if (pattern !== undefined && !new RegExp(pattern).test(value)) problems.push(`${where}: ${name} is ${value}`);
      if (type === "boolean" && value !== "true" && value !== "false") problems.push(`${where}: ${name} is no boolean`);
      if (type === "integer" && !/^\d+$/.test(value)) problems.push(`${where}: ${name} is no number`);
    }
    return problems;
  }

  #value(where: string, given: Schema, value: unknown): string[] {
    const schema = this.#resolved(given);
    if (value === null || value === undefined) {
      return schema.nullable || given.nullable || given.$ref !== undefined ? [] : [`${where} is empty`];
    }
    if (schema.enum) return schema.enum.includes(value) ? [] : [`${where} is ${String(value)}`];
    if (Array.isArray(value)) {
      return schema.items
        ? value.flatMap((each, index) => this.#value(`${where}[${index}]`, schema.items ?? {}, each))
        : [];
    }
    if (typeof value === "object") {
      const { properties } = schema;
      if (!properties) return [];
      return Object.entries(value).flatMap(([name, each]) => {
        const property = properties[name];
        return property ? this.#value(`${where}.${name}`, property, each) : [`${where} has no field ${name}`];
      });
    }
    const type = typeof value === "number" ? (Number.isInteger(value) ? "integer" : "number") : typeof value;
    if (schema.type !== undefined && schema.type !== type) return [`${where} is a ${type}, not a ${schema.type}`];
    // The description's own examples have empty texts where there is no SID.
    const fits = schema.pattern === undefined || value === "" || new RegExp(schema.pattern).test(String(value));
    return fits ? [] : [`${where} is ${String(value)}`];
  }

  #resolved(schema: Schema): Schema {
    if (schema.$ref === undefined) return schema;
    const name = schema.$ref.split("/").at(-1) ?? "";
    return this.#resolved(this.#description.components.schemas[name] ?? {});
  }
}

/** The description has no refusals; every one has this form. */
function refusal(where: string, status: number, answer: unknown): string[] {
  const { code, message, more_info, status: told } = (answer ?? {}) as Record<string, unknown>;
  const fits =
    typeof code === "number" && typeof message === "string" && typeof more_info === "string" && told === status;
  return fits ? [] : [`${where}: the refusal ${JSON.stringify(answer)} is not in Twilio's form`];
}
