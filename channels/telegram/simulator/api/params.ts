/** A call's parameters, read as the types that the Bot API gives them. Unknown ones are ignored. */
import { parseJsonObject } from "@switchboard/domain";
import { badRequest } from "../failure.ts";

/** A file that came with the call. */
export interface Upload {
  readonly bytes: Uint8Array;
  readonly name?: string;
  readonly mimeType?: string;
}

export type Values = Readonly<Record<string, unknown>>;

/** Every reader throws 400 when the value has another type; `undefined` means that it was not given. */
export class Params {
  readonly #values: Values;
  readonly #uploads: ReadonlyMap<string, Upload>;

  constructor(values: Values, uploads: ReadonlyMap<string, Upload> = new Map()) {
    this.#values = values;
    this.#uploads = uploads;
  }

  has(name: string): boolean {
    const value = this.#values[name];
    return value !== undefined && value !== null;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value === "string") return value;
    throw wrongType(name, "String");
  }

  integer(name: string): number | undefined {
    const value = this.#values[name];
    if (value === undefined || value === null || value === "") return undefined;
    const number = typeof value === "string" && /^-?\d{1,16}$/.test(value) ? Number(value) : value;
    if (typeof number === "number" && Number.isSafeInteger(number)) return number;
    throw wrongType(name, "Integer");
  }

  /** A chat's id, or its user name without the `@`. */
  chat(name: string): number | string | undefined {
    const value = this.#values[name];
    return typeof value === "string" && value.startsWith("@") ? value.slice(1) : this.integer(name);
  }

  float(name: string): number | undefined {
    const value = this.#values[name];
    if (value === undefined || value === null || value === "") return undefined;
    const number = typeof value === "string" ? Number(value) : value;
    if (typeof number === "number" && Number.isFinite(number)) return number;
    throw wrongType(name, "Float");
  }

  boolean(name: string): boolean {
    const value = this.#values[name];
    if (value === undefined || value === null || value === "") return false;
    if (typeof value === "boolean") return value;
    if (typeof value === "string" && /^(true|false|yes|no|0|1)$/i.test(value)) return /^(true|yes|1)$/i.test(value);
    throw wrongType(name, "Boolean");
  }

  /** An object, in a form or query as JSON. */
  object(name: string): Values | undefined {
    const value = this.#values[name];
    if (value === undefined || value === null || value === "") return undefined;
    if (typeof value === "string") {
      const parsed = parseJsonObject(value);
      if (!parsed) throw badRequest(`can't parse ${name} JSON object`);
      return parsed;
    }
    if (isObject(value)) return value;
    throw wrongType(name, "Object");
  }

  /** A list, in a form or query as JSON. */
  list(name: string): readonly unknown[] | undefined {
    const value = this.#values[name];
    if (value === undefined || value === null || value === "") return undefined;
    const list = typeof value === "string" ? parseList(value, name) : value;
    if (Array.isArray(list)) return list;
    throw wrongType(name, "Array");
  }

  /** An upload under this name, or one that a value refers to as `attach://name`. */
  upload(name: string): Upload | undefined {
    return this.#uploads.get(name);
  }
}

export function isObject(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseList(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest(`can't parse ${name} JSON object`);
  }
}

function wrongType(name: string, type: string): Error {
  return badRequest(`field "${name}" must be of type ${type}`);
}
