/** The schemas that clients of the wider world were built from. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { problemsOf } from "@switchboard/domain";
import type { TSchema } from "@switchboard/domain/schema";

const entry = createRequire(import.meta.url).resolve("@openclaw/gateway-protocol");
const file = new URL("../protocol.schema.json", pathToFileURL(entry));
const { definitions } = JSON.parse(readFileSync(file, "utf8")) as { definitions: Readonly<Record<string, TSchema>> };

export function hasSchema(name: string): boolean {
  return Object.hasOwn(definitions, name);
}

/** What the schema of that name there says against a value; empty when it fits. */
export function againstTheirs(name: string, value: unknown): string[] {
  const definition = definitions[name];
  if (!definition) throw new Error(`the package has no schema ${name}`);
  return problemsOf(definition, value);
}

/** Where a method's result is not called after the method. */
const RESULTS: Readonly<Record<string, string>> = {
  "config.schema": "ConfigSchemaResponse",
  "device.scopes.waitUpgrade": "ScopeUpgradeResult",
};

const EVENTS: Readonly<Record<string, string>> = {
  tick: "TickEvent",
  shutdown: "ShutdownEvent",
  chat: "ChatEvent",
  agent: "AgentEvent",
  "device.pair.requested": "DevicePairRequestedEvent",
  "device.pair.resolved": "DevicePairResolvedEvent",
  "device.pair.setup.completed": "DevicePairSetupCompletedEvent",
  "node.invoke.request": "NodeInvokeRequestEvent",
  "node.invoke.input": "NodeInvokeInputEvent",
};

/** The schema of a method's result there, if there is one. */
export function resultSchema(method: string): string | undefined {
  const words = method.split(/[.-]/).map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  const name = RESULTS[method] ?? `${words.join("")}Result`;
  return hasSchema(name) ? name : undefined;
}

/** The schema of an event's payload there, if there is one. */
export function eventSchema(event: string): string | undefined {
  return EVENTS[event];
}

interface Described {
  readonly $ref?: string;
  readonly properties?: object;
  readonly anyOf?: readonly Described[];
  readonly allOf?: readonly Described[];
}

/** What a method takes there, at its first level; `undefined` when the package does not say. */
export function parametersOf(method: string): string[] | undefined {
  const words = method.split(/[.-]/).map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  const definition = definitions[`${words.join("")}Params`];
  return definition && [...new Set(namesOf(definition as Described))];
}

function namesOf({ $ref, allOf = [], anyOf = [], properties = {} }: Described): string[] {
  const referred = $ref === undefined ? undefined : definitions[$ref.split("/").at(-1) ?? ""];
  const inner = [...anyOf, ...allOf, ...(referred ? [referred as Described] : [])];
  return [...Object.keys(properties), ...inner.flatMap(namesOf)];
}
