/**
 * Checks calls, answers and updates against a description of the Bot API in the form of `telegram-bot-api-spec`: every
 * method with its parameters, every type with its fields. The description is not part of this project.
 */
import { readFileSync } from "node:fs";

interface Field {
  readonly name: string;
  readonly types: readonly string[];
  readonly required: boolean;
  readonly description?: string;
}

interface MethodDescription {
  readonly returns: readonly string[];
  readonly fields?: readonly Field[];
}

interface TypeDescription {
  readonly subtypes?: readonly string[];
  readonly fields?: readonly Field[];
}

export interface Description {
  readonly version: string;
  readonly methods: Readonly<Record<string, MethodDescription>>;
  readonly types: Readonly<Record<string, TypeDescription>>;
}

/** What was checked so far. */
export interface SpecCounts {
  readonly requests: number;
  /** Different methods among the requests, and how many the description has. */
  readonly methods: number;
  readonly described: number;
  readonly answers: number;
  readonly updates: number;
}

export function loadDescription(file: string): Description {
  return JSON.parse(readFileSync(file, "utf8")) as Description;
}

/** Each check returns what is wrong, in words; nothing when all is well. */
export class SpecChecker {
  readonly #description: Description;
  readonly #methods = new Set<string>();
  #requests = 0;
  #answers = 0;
  #updates = 0;

  constructor(description: Description) {
    this.#description = description;
  }

  get counts(): SpecCounts {
    return {
      requests: this.#requests,
      methods: this.#methods.size,
      described: Object.keys(this.#description.methods).length,
      answers: this.#answers,
      updates: this.#updates,
    };
  }

  /** A call's parameters. Uploads stand as objects of a class; numbers and objects may come as text, as forms send them. */
  request(method: string, parameters: Readonly<Record<string, unknown>>): string[] {
    this.#requests += 1;
    const description = this.#description.methods[method];
    if (!description) return [`${method} is no method of ${this.#description.version}`];
    this.#methods.add(method);
    return this.#fields(method, description.fields ?? [], parameters, true);
  }

  /** The whole body of an answer, refusals too. */
  answer(method: string, body: unknown): string[] {
    this.#answers += 1;
    if (!isRecord(body)) return [`${method}: the answer is no object`];
    if (body.ok !== true) return this.#refusal(method, body);
    const { returns } = this.#description.methods[method] ?? { returns: [] };
    return this.#anyOf(`${method} → result`, returns, body.result, false);
  }

  update(value: unknown): string[] {
    this.#updates += 1;
    return this.#value("Update", "Update", value, false);
  }

  #refusal(method: string, body: Readonly<Record<string, unknown>>): string[] {
    const problems: string[] = [];
    if (body.ok !== false) problems.push(`${method}: "ok" is neither true nor false`);
    if (!Number.isInteger(body.error_code)) problems.push(`${method}: the refusal has no integer "error_code"`);
    if (typeof body.description !== "string") problems.push(`${method}: the refusal has no "description"`);
    if (body.parameters === undefined) return problems;
    return [...problems, ...this.#value(`${method} → parameters`, "ResponseParameters", body.parameters, false)];
  }

  #fields(
    where: string,
    fields: readonly Field[],
    value: Readonly<Record<string, unknown>>,
    lenient: boolean,
  ): string[] {
    const known = new Map(fields.map((field) => [field.name, field]));
    const missing = fields
      .filter(({ name, required }) => required && value[name] === undefined)
      .map(({ name }) => `${where}: "${name}" is missing`);
    const wrong = Object.entries(value).flatMap(([name, inner]) => {
      if (inner === undefined) return [];
      const field = known.get(name);
      if (!field) return [`${where}: "${name}" is unknown`];
      // Members of a union are told apart by a field whose description says that it is always the same.
      const fixed = /, (?:always|must be) "?(\w+)"?$/.exec(field.description ?? "")?.[1];
      if (fixed !== undefined && inner !== fixed) return [`${where}: "${name}" is not "${fixed}"`];
      return this.#anyOf(`${where}.${name}`, field.types, inner, lenient);
    });
    return [...missing, ...wrong];
  }

  /** Fits when one of the types does; else the problems of the type that comes closest. */
  #anyOf(where: string, types: readonly string[], value: unknown, lenient: boolean): string[] {
    let fewest: string[] | undefined;
    for (const type of types) {
      const problems = this.#value(where, type, value, lenient);
      if (problems.length === 0) return [];
      if (!fewest || problems.length < fewest.length) fewest = problems;
    }
    return fewest ?? [`${where}: nothing is known of this`];
  }

  #value(where: string, type: string, value: unknown, lenient: boolean): string[] {
    const of = /^Array of (.+)$/.exec(type)?.[1];
    if (of !== undefined) return this.#list(where, of, value, lenient);
    if (lenient && isUpload(value)) {
      // A client writes `attach://…` where the description says text, and sends the file beside it.
      return type === "InputFile" || type === "String" ? [] : [`${where}: a file is no ${type}`];
    }
    const primitive = primitives[type];
    if (primitive) {
      const fits = primitive(value) || (lenient && typeof value === "string" && type !== "Boolean");
      return fits ? [] : [`${where}: ${JSON.stringify(value)?.slice(0, 80)} is no ${type}`];
    }
    if (type === "InputFile") return [`${where}: no file`];
    const description = this.#description.types[type];
    if (!description) return [`${where}: the type ${type} is not described`];
    const inner = lenient && typeof value === "string" ? parsed(value) : value;
    if (!isRecord(inner)) return [`${where}: ${JSON.stringify(value)?.slice(0, 80)} is no ${type}`];
    if (description.subtypes) return this.#anyOf(where, description.subtypes, inner, lenient);
    return this.#fields(where, description.fields ?? [], inner, lenient);
  }

  #list(where: string, type: string, value: unknown, lenient: boolean): string[] {
    const list = lenient && typeof value === "string" ? parsed(value) : value;
    if (!Array.isArray(list)) return [`${where}: no array`];
    return list.flatMap((item, index) => this.#value(`${where}[${index}]`, type, item, lenient));
  }
}

const primitives: Readonly<Record<string, (value: unknown) => boolean>> = {
  Integer: Number.isInteger,
  Float: (value) => typeof value === "number",
  String: (value) => typeof value === "string",
  Boolean: (value) => typeof value === "boolean",
};

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isUpload(value);
}

/** Clients have classes of their own for files; everything else that they send is plain. */
function isUpload(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype !== Object.prototype && prototype !== null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
