/** The arguments of a call: a form, JSON or the query. */
import type { IncomingMessage } from "node:http";
import { parseJsonObject } from "@switchboard/domain";
import { readBody } from "@switchboard/simulator-kit";
import { ApiRefusal, invalid } from "./refusal.ts";

/** Slack's limit for a call. */
const LARGEST = 2 * 1024 * 1024;

export async function readParams(request: IncomingMessage): Promise<Params> {
  const values: Record<string, unknown> = {};
  const url = new URL(request.url ?? "", "http://simulator");
  for (const [name, value] of url.searchParams) values[name] = value;
  const body = (await readBody(request, LARGEST)).toString("utf8");
  const type = request.headers["content-type"] ?? "";
  if (type.startsWith("application/json")) {
    const object = parseJsonObject(body);
    if (!object) throw new ApiRefusal("json_not_object");
    Object.assign(values, object);
  } else if (body !== "") {
    if (!type.startsWith("application/x-www-form-urlencoded")) throw new ApiRefusal("invalid_post_type");
    for (const [name, value] of new URLSearchParams(body)) values[name] = value;
  }
  const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1];
  const { token, ...others } = values;
  return new Params(others, bearer ?? (typeof token === "string" ? token : undefined));
}

export class Params {
  readonly token: string | undefined;
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>, token: string | undefined) {
    this.#values = values;
    this.token = token;
  }

  get all(): Readonly<Record<string, unknown>> {
    return this.#values;
  }

  get names(): string[] {
    return Object.keys(this.#values);
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined;
  }

  required(name: string, word = "invalid_arguments"): string {
    const value = this.text(name);
    if (value === undefined) throw invalid(word, `missing required field: ${name}`);
    return value;
  }

  flag(name: string): boolean {
    const value = this.#values[name];
    return value === true || value === "true" || value === "1";
  }

  number(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!Number.isFinite(value)) throw invalid("invalid_arguments", `${name} must be a number`);
    return value;
  }

  /** JSON in a field, as forms carry it. */
  json(name: string): unknown {
    const value = this.#values[name];
    if (typeof value !== "string") return value;
    try {
      return JSON.parse(value) as unknown;
    } catch {
      throw invalid("invalid_arguments", `${name} is no JSON`);
    }
  }
}
