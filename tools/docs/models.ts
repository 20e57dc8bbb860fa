/** The protocol's types for Swift and Kotlin, by quicktype. */
import { InputData, JSONSchemaInput, JSONSchemaStore, quicktype } from "quicktype-core";
import type { Catalogue } from "./catalogue.ts";
import { flatDefinitions } from "./flat.ts";
import { type JsonSchema, referred } from "./json-schema.ts";

interface Language {
  readonly options: Readonly<Record<string, string>>;
  /** For whoever opens the file. */
  readonly head: readonly string[];
  /** Where what the generator made begins to be of use. */
  readonly start: RegExp;
  /** The type that holds one of each. */
  readonly whole: RegExp;
  readonly anything: string;
  /** Of anything. */
  readonly map: string;
  readonly list: (element: string) => string;
  readonly alias: string;
  readonly polish: (line: string) => string;
}

/** Everything hangs on one type, so that each of the others is made once and keeps its name; it is taken out again. */
const WHOLE = "WholeProtocol";

const LANGUAGES = {
  swift: {
    options: {
      "access-level": "public",
      "acronym-style": "camel",
      "coding-keys": "false",
      initializers: "false",
      "mutable-properties": "true",
    },
    head: ["JSONDecoder ignores fields it does not know: a newer gateway may send more than stands here."],
    start: /^import Foundation$/m,
    whole: new RegExp(`^// MARK: - ${WHOLE}$[\\s\\S]*?^}$\\n+`, "m"),
    anything: "JSONAny",
    map: "[String: JSONAny]",
    list: (element) => `[${element}]`,
    alias: "public typealias",
    // What is optional may be left out.
    polish: (line) => (/^\s*public init\(\w+: /.test(line) ? line.replace(/\?(?=[,)])/g, "? = nil") : line),
  },
  kotlin: {
    options: { framework: "kotlinx", package: "switchboard", "acronym-style": "camel" },
    head: [
      "Needs kotlinx.serialization and its compiler plugin. Use Json { ignoreUnknownKeys = true; explicitNulls = false }:",
      "a newer gateway may send more than stands here.",
    ],
    start: /^package switchboard$/m,
    whole: new RegExp(`^@Serializable\\ndata class ${WHOLE} \\([\\s\\S]*?^\\)$\\n+`, "m"),
    anything: "JsonElement",
    map: "JsonObject",
    list: (element) => `List<${element}>`,
    alias: "typealias",
    polish: (line) => line,
  },
} satisfies Record<string, Language>;

export type ModelLanguage = keyof typeof LANGUAGES;

const HEAD = [
  "Switchboard gateway protocol. Made from the schemas of packages/protocol (npm run docs); do not edit.",
  "A type that may be one of several objects has the fields of all: its `state` or `type` says which it is.",
];

/** All definitions stand in the one document, so nothing is ever fetched. */
class NoStore extends JSONSchemaStore {
  fetch(address: string): Promise<undefined> {
    return Promise.reject(new Error(`A schema refers to something outside the protocol: ${address}`));
  }
}

/** The definitions that models are made of, by name; with the names of all methods and events. */
export function modelDefinitions({ definitions, methods, events }: Catalogue): Record<string, JsonSchema> {
  const names = {
    MethodName: { type: "string", enum: Object.keys(methods) },
    EventName: { type: "string", enum: Object.keys(events) },
  };
  for (const name of Object.keys(names))
    if (Object.hasOwn(definitions, name)) throw new Error(`${name} is the name of what lists all of them.`);
  const used = [
    ...Object.values(methods).flatMap(({ params, result, accepted }) => [params, result, accepted]),
    ...Object.values(events).map(({ payload }) => payload),
  ].flatMap((each) => (each && referred(each)) ?? []);
  const frames = ["RequestFrame", "ResponseFrame", "EventFrame", "ConnectParams", "HelloOk"];
  return flatDefinitions({ ...definitions, ...names }, [...frames, ...used, ...Object.keys(names)]);
}

export async function models(catalogue: Catalogue, name: ModelLanguage): Promise<string> {
  const language: Language = LANGUAGES[name];
  const definitions = modelDefinitions(catalogue);
  const made = (await generated(definitions, name, language)).map(language.polish).join("\n");
  const head = [...HEAD, ...language.head].map((line) => `// ${line}`);
  const body = made.slice(made.search(language.start)).replace(language.whole, "");
  return `${[head.join("\n"), body.trim(), ...aliases(definitions, language)].join("\n\n")}\n`;
}

async function generated(definitions: Readonly<Record<string, JsonSchema>>, name: ModelLanguage, language: Language) {
  const input = new JSONSchemaInput(new NoStore());
  const properties = Object.fromEntries(Object.keys(definitions).map((each) => [each, { $ref: `#/$defs/${each}` }]));
  await input.addSource({
    name: WHOLE,
    schema: JSON.stringify({ type: "object", title: WHOLE, properties, $defs: named(definitions) }),
  });
  const inputData = new InputData();
  inputData.addInput(input);
  const { lines } = await quicktype({
    inputData,
    lang: name,
    rendererOptions: language.options,
    combineClasses: false,
    inferMaps: false,
    inferEnums: false,
    inferUuids: false,
    inferDateTimes: false,
    inferIntegerStrings: false,
    inferBooleanStrings: false,
  });
  return lines;
}

/** With what keeps the generator from inventing names and from sorting fields. */
function named(definitions: Readonly<Record<string, JsonSchema>>) {
  return Object.fromEntries(
    Object.entries(definitions).map(([name, schema]) => [
      name,
      {
        ...schema,
        title: name,
        ...(schema.properties && { quicktypePropertyOrder: Object.keys(schema.properties) }),
      },
    ]),
  );
}

/** Names for what the generator gives none: lists, maps, and whatever else has no fields of its own. */
function aliases(definitions: Readonly<Record<string, JsonSchema>>, language: Language): string[] {
  const { alias, anything, map, list } = language;
  return Object.entries(definitions)
    .filter(([, schema]) => schema.properties === undefined && schema.enum === undefined)
    .map(([name, schema]) => {
      if (schema.items) return `${alias} ${name} = ${list(referred(schema.items) ?? anything)}`;
      return `${alias} ${name} = ${schema.type === "object" ? map : anything}`;
    });
}
