/** The protocol as data: what every generated document is written from. */
import { relative } from "node:path";
import { pathToFileURL } from "node:url";
import {
  ConnectParams,
  ErrorShape,
  EVENTS,
  EventFrame,
  type EventName,
  eventSpec,
  HelloOk,
  type Idempotency,
  METHODS,
  type MethodName,
  methodSpec,
  RequestFrame,
  ResponseFrame,
} from "@switchboard/protocol";
import { type Comments, readComments, sourceFiles } from "./comments.ts";
import { Definitions, identity } from "./definitions.ts";
import type { JsonSchema } from "./json-schema.ts";
import { typeName } from "./names.ts";

export interface MethodEntry {
  readonly description?: string;
  /** References to definitions. */
  readonly params: JsonSchema;
  readonly result: JsonSchema;
  /** The first of two answers. */
  readonly accepted?: JsonSchema;
  readonly scope: string | null;
  /** As good as `scope`. */
  readonly orScope?: string;
  /** For certain parameters; the schemas are of the parameters. */
  readonly alsoScopes?: readonly { readonly scope: string; readonly when?: unknown; readonly unless?: unknown }[];
  readonly role: string;
  readonly since: string;
  readonly hidden?: true;
  readonly controlPlane?: true;
  readonly idempotent?: Idempotency;
}

export interface EventEntry {
  readonly description?: string;
  readonly payload: JsonSchema;
  readonly scope: string | null;
  readonly dropIfSlow?: true;
}

export interface Catalogue {
  readonly definitions: Readonly<Record<string, JsonSchema>>;
  readonly methods: Readonly<Record<string, MethodEntry>>;
  readonly events: Readonly<Record<string, EventEntry>>;
  /** What the code says of an exported constant. */
  readonly commentsOf: (name: string) => Comments | undefined;
}

const SOURCES = `${import.meta.dirname}/../../packages/protocol/src`;

export async function readCatalogue(): Promise<Catalogue> {
  const { shared, commentsOf } = await sharedShapes();
  const definitions = new Definitions(shared, commentsOf);
  const frames: Record<string, object> = {
    RequestFrame,
    ResponseFrame,
    EventFrame,
    ErrorShape,
    ConnectParams,
    HelloOk,
  };
  for (const [name, schema] of Object.entries(frames)) definitions.define(name, schema as JsonSchema);

  const methodComments = commentsOf("METHODS")?.properties;
  const methods = sorted(METHODS).map((name) => {
    const { params, result, accepted, ...about } = methodSpec(name as MethodName);
    const comments = methodComments?.get(name);
    const define = (part: string, schema: object) =>
      definitions.define(`${typeName(name)}${typeName(part)}`, schema as JsonSchema, comments?.properties.get(part));
    const entry: MethodEntry = {
      ...(comments?.text && { description: comments.text }),
      params: define("params", params),
      result: define("result", result),
      ...(accepted && { accepted: define("accepted", accepted) }),
      ...about,
    };
    return [name, entry] as const;
  });

  const eventComments = commentsOf("EVENTS")?.properties;
  const events = sorted(EVENTS).map((name) => {
    const { payload, ...about } = eventSpec(name as EventName);
    const comments = eventComments?.get(name);
    const entry: EventEntry = {
      ...(comments?.text && { description: comments.text }),
      payload: definitions.define(`${typeName(name)}Event`, payload as JsonSchema, comments?.properties.get("payload")),
      ...about,
    };
    return [name, entry] as const;
  });
  return {
    definitions: definitions.all,
    methods: Object.fromEntries(methods),
    events: Object.fromEntries(events),
    commentsOf,
  };
}

/** The names that shapes have in the code, and what is said of them there. */
async function sharedShapes() {
  const comments = readComments(SOURCES);
  const shared = new Map<object, string>();
  const homes = new Map<string, string[]>();
  for (const file of sourceFiles(SOURCES)) {
    const exported: Record<string, unknown> = await import(pathToFileURL(file).href);
    for (const [name, value] of Object.entries(exported)) {
      homes.set(name, [...(homes.get(name) ?? []), file]);
      const itself = typeof value === "object" && value !== null ? identity(value as JsonSchema) : undefined;
      if (itself === undefined || shared.has(itself)) continue;
      if ([...shared.values()].includes(name))
        throw new Error(`${relative(SOURCES, file)}: another file exports a ${name} already.`);
      shared.set(itself, name);
    }
  }
  const commentsOf = (name: string): Comments | undefined =>
    homes
      .get(name)
      ?.map((file) => comments(file, name))
      .find((found) => found !== undefined);
  return { shared, commentsOf };
}

function sorted(map: object): string[] {
  return Object.keys(map).sort();
}
