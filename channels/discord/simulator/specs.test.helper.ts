/**
 * Checks calls and answers against Discord's OpenAPI description: every operation with its parameters, bodies and
 * answers, fields that it does not know included. The description is not part of this project.
 */
import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

type Schema = Record<string, unknown>;

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema: Schema;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content & { readonly $ref?: string }>>;
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>> & { parameters?: readonly Parameter[] }>>;
  readonly components: {
    readonly schemas: Record<string, Schema>;
    readonly responses: Readonly<Record<string, Content>>;
  };
}

export interface DescribedCall {
  readonly method: string;
  /** Path and query, without `/api/v10`. */
  readonly path: string;
  /** The JSON that was sent, of a form its `payload_json`. */
  readonly body: unknown;
  readonly status: number;
  /** `undefined` for 204. */
  readonly answer: unknown;
}

const METHODS: ReadonlySet<string> = new Set(["get", "post", "put", "patch", "delete"]);

export class SpecChecker {
  readonly #description: Description;
  readonly #ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false });
  readonly #compiled = new Map<string, ValidateFunction>();
  readonly #operations = new Set<string>();
  requests = 0;

  constructor(file: string) {
    this.#description = JSON.parse(readFileSync(file, "utf8")) as Description;
    closeObjects(this.#description.components.schemas);
    this.#ajv.addSchema({ $id: "discord", components: this.#description.components });
  }

  get operations(): readonly string[] {
    return [...this.#operations].sort();
  }

  get described(): number {
    return Object.values(this.#description.paths).flatMap((path) => Object.keys(path).filter((key) => METHODS.has(key)))
      .length;
  }

  /** What is wrong, in words; nothing when all is well. */
  check({ answer, body, method, path, status }: DescribedCall): string[] {
    this.requests += 1;
    const [plain = "", query = ""] = path.split("?");
    const found = this.#find(method, plain);
    if (!found) return [`${method} ${plain} is no operation of the description`];
    const { name, operation, parameters } = found;
    this.#operations.add(name);
    const problems = this.#queryProblems(name, query, parameters);
    const request = operation.requestBody?.content?.["application/json"]?.schema;
    if (request && status < 400) problems.push(...this.#validate(`${name} request`, request, body));
    if (!request && body !== undefined) problems.push(`${name} takes no body`);
    const response = operation.responses[status] ?? operation.responses[status === 429 ? "429" : "4XX"];
    if (!response) return [...problems, `${name} has no answer ${status}`];
    const content = response.$ref === undefined ? response : this.#response(response.$ref);
    const schema = content?.content?.["application/json"]?.schema;
    if (schema) problems.push(...this.#validate(`${name} ${status}`, schema, answer));
    else if (answer !== undefined) problems.push(`${name} answers ${status} without a body`);
    return problems;
  }

  #response(ref: string): Content | undefined {
    return this.#description.components.responses[ref.split("/").at(-1) ?? ""];
  }

  #find(method: string, path: string) {
    // What is spelt out goes before what is a parameter: `@me`, `@original`.
    const templates = Object.keys(this.#description.paths).sort((a, b) => a.split("{").length - b.split("{").length);
    for (const template of templates) {
      const operations = this.#description.paths[template];
      const operation = operations?.[method.toLowerCase()];
      const pattern = new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, "[^/]+")}$`);
      if (!operation || !pattern.test(path)) continue;
      const parameters = [...(operations.parameters ?? []), ...(operation.parameters ?? [])];
      return { name: `${method} ${template}`, operation, parameters };
    }
    return undefined;
  }

  #queryProblems(name: string, query: string, parameters: readonly Parameter[]): string[] {
    return [...new URLSearchParams(query)].flatMap(([key, value]) => {
      const known = parameters.find((parameter) => parameter.in === "query" && parameter.name === key);
      if (!known) return [`${name}: there is no parameter ${key}`];
      const typed = /^(true|false|\d{1,15})$/.test(value) ? (JSON.parse(value) as unknown) : value;
      return this.#validate(`${name}?${key}`, known.schema, typed);
    });
  }

  #validate(where: string, schema: Schema, value: unknown): string[] {
    const validate = this.#compiled.get(where) ?? this.#ajv.compile(absolute(schema) as Schema);
    this.#compiled.set(where, validate);
    if (validate(value)) return [];
    return (validate.errors ?? [])
      .slice(-6)
      .map(({ instancePath, message, params }) => `${where}${instancePath} ${message} ${JSON.stringify(params)}`);
  }
}

/** References that hold outside the description's own document, too. */
function absolute(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(absolute);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === "$ref" && typeof inner === "string" ? inner.replace(/^#/, "discord#") : absolute(inner),
    ]),
  );
}

/** A field that an object's description does not name is a mistake. Objects that are parts of others are left open. */
function closeObjects(schemas: Record<string, Schema>): void {
  const parts = new Set<unknown>();
  const collect = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key === "allOf" && Array.isArray(inner)) for (const { $ref } of inner as Schema[]) parts.add($ref);
      collect(inner);
    }
  };
  collect(schemas);
  for (const [name, schema] of Object.entries(schemas)) {
    const isOpen = schema.additionalProperties !== undefined || parts.has(`#/components/schemas/${name}`);
    if (schema.properties && !isOpen) schema.unevaluatedProperties = false;
  }
}
