/**
 * Templates that somebody asks for by name: `{"name": "order_ready", "language": "en_US", "parameters": ["Ann", "17"]}`;
 * instead of `parameters`, which are the body's, `components` may hold what the Graph API takes.
 */
import { type Json, validated } from "@switchboard/domain";
import { Type } from "@switchboard/domain/schema";

const Request = Type.Object(
  {
    name: Type.String({ pattern: "^[a-z0-9_]{1,512}$" }),
    language: Type.String({ minLength: 2, maxLength: 15 }),
    parameters: Type.Optional(Type.Array(Type.String({ minLength: 1 }))),
    components: Type.Optional(Type.Array(Type.Object({ type: Type.String() }))),
  },
  { additionalProperties: false },
);

export interface Template {
  readonly name: string;
  readonly language: { readonly policy: "deterministic"; readonly code: string };
  readonly components?: readonly Json[];
}

/** @throws MSG_008 for a request that is not written as it should be. */
export function templateOf(given: unknown): Template {
  const { components, language, name, parameters } = validated(Request, given, "template", "MSG_008");
  if (components) return { ...template(name, language, []), components: components as unknown as Json[] };
  return template(name, language, parameters ?? []);
}

export function template(name: string, language: string, parameters: readonly string[]): Template {
  return {
    name,
    language: { policy: "deterministic", code: language },
    ...(parameters.length > 0 && {
      components: [
        { type: "body", parameters: parameters.map((each) => ({ type: "text", text: parameterText(each) })) },
      ],
    }),
  };
}

/** A parameter holds neither line breaks nor tabs, nor more than four spaces in a row (error 132018 else). */
export function parameterText(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= 900 ? line : `${line.slice(0, 899).toWellFormed()}…`;
}
