/** Checks a value against a TypeBox schema, with messages that name the place. */
import type { Static, TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { Value } from "typebox/value";
import { type ErrorCode, SwitchboardError } from "./errors.ts";
import { nearest } from "./nearest.ts";

interface Problem {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string;
  readonly params: { readonly allowedValues?: readonly unknown[]; readonly allowedValue?: unknown };
}

interface Checker {
  Check(value: unknown): boolean;
  Errors(value: unknown): Problem[];
}

/** Compiling costs as much as this many checks and more; most schemas of a start, i.e. of configs, see only a few. */
const WORTH_COMPILING = 16;

const checkers = new WeakMap<TSchema, { uses: number; compiled?: Checker }>();

/** The schema's validator: compiled once, when it is used often. */
function checkerOf(schema: TSchema): Checker {
  let known = checkers.get(schema);
  if (!known) {
    known = { uses: 0 };
    checkers.set(schema, known);
  }
  known.uses += 1;
  if (known.uses > WORTH_COMPILING) known.compiled ??= Compile(schema) as unknown as Checker;
  return known.compiled ?? interpreted(schema);
}

function interpreted(schema: TSchema): Checker {
  return {
    Check: (value) => Value.Check(schema, value),
    Errors: (value) => Value.Errors(schema, value) as unknown as Problem[],
  };
}

/** True when `value` fits; narrows its type. */
export function matches<S extends TSchema>(schema: S, value: unknown): value is Static<S> {
  return checkerOf(schema).Check(value);
}

/** What is wrong with `value`, one short line a problem, at most `most`; empty when it fits. */
export function problemsOf(schema: TSchema, value: unknown, most = 5): string[] {
  const checker = checkerOf(schema);
  if (checker.Check(value)) return [];
  const problems = checker.Errors(value);
  // What is there and should not be is told twice: at its own place, and at what holds it.
  const unknown = problems.some(({ keyword }) => keyword === "boolean");
  const lines = problems
    .filter(({ keyword }) => !(unknown && keyword === "additionalProperties"))
    .map((problem) => {
      const place = problem.instancePath.slice(1).replaceAll("/", ".");
      const message = inWords(problem, schema);
      return place === "" ? message : `${place}: ${message}`;
    });
  return [...new Set(lines)].slice(0, most);
}

function inWords({ instancePath, keyword, message, params }: Problem, schema: TSchema): string {
  const { allowedValue, allowedValues } = params;
  if (keyword === "boolean") {
    const steps = instancePath.slice(1).split("/");
    const meant = nearest(steps.at(-1) ?? "", namesAt(schema, steps.slice(0, -1)));
    return `there is nothing of this name${meant === undefined ? "" : `; did you mean ${meant}?`}`;
  }
  if (allowedValues) return `must be one of ${allowedValues.map((each) => JSON.stringify(each)).join(", ")}`;
  return keyword === "const" ? `must be ${JSON.stringify(allowedValue)}` : message;
}

/**
 * Returns `value` as the schema's type.
 * @throws `code` (default REQ_001) with every problem in one line; `what` names the thing that was checked.
 */
export function validated<S extends TSchema>(
  schema: S,
  value: unknown,
  what: string,
  code: ErrorCode = "REQ_001",
): Static<S> {
  if (matches(schema, value)) return value;
  throw new SwitchboardError(code, `invalid ${what}: ${problemsOf(schema, value).join("; ")}`);
}

/**
 * Returns a copy of `value` with every default of the schema filled in, as the schema's type.
 * @throws `code` (default CFG_001) with every problem in one line.
 */
export function completed<S extends TSchema>(
  schema: S,
  value: unknown,
  what: string,
  code: ErrorCode = "CFG_001",
): Static<S> {
  return validated(schema, fillIn(schema, structuredClone(value)), what, code);
}

/** What would be wrong with `value` after every default of the schema was filled in. See `problemsOf`. */
export function completionProblems(schema: TSchema, value: unknown, most = 5): string[] {
  return problemsOf(schema, fillIn(schema, structuredClone(value)), most);
}

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly patternProperties?: Readonly<Record<string, TSchema>>;
  readonly items?: TSchema;
}

/** The names that a schema knows at a place; none where anything may stand. */
export function namesAt(schema: TSchema, steps: readonly string[]): string[] {
  let at: ObjectSchema | undefined = schema as ObjectSchema;
  for (const step of steps) {
    const { items, patternProperties = {}, properties = {} }: ObjectSchema = at ?? {};
    const inner = Object.hasOwn(properties, step) ? properties[step] : (items ?? Object.values(patternProperties)[0]);
    at = inner as ObjectSchema | undefined;
  }
  return Object.keys(at?.properties ?? {});
}

/** `Value.Default` does not look into records; this does. */
function fillIn(schema: TSchema, value: unknown): unknown {
  const filled: unknown = Value.Default(schema, value);
  if (typeof filled !== "object" || filled === null || Array.isArray(filled)) return filled;
  const { properties = {}, patternProperties = {} } = schema as ObjectSchema;
  const [anyValue] = Object.values(patternProperties);
  return Object.fromEntries(
    Object.entries(filled).map(([name, each]) => {
      const inner = Object.hasOwn(properties, name) ? properties[name] : anyValue;
      return [name, inner ? fillIn(inner, each) : each];
    }),
  );
}
