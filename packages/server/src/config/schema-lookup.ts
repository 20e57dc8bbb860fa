/** The configuration's schema for those who draw forms: with the channels' own settings, hints, and one path at a time. */
import type { ChannelRegistry } from "@switchboard/core";
import { type Channel, nearest, SwitchboardError } from "@switchboard/domain";
import { configSchema, type Result } from "@switchboard/protocol";
import { reloadKindOf } from "./differences.ts";

type Hints = Result<"config.schema">["uiHints"];
type Lookup = Result<"config.schema.lookup">;

interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
}

const SENSITIVE = [
  "gateway.auth.token",
  "gateway.auth.password",
  "agents[].apiKey",
  "agents[].headers.*",
  "identity.providers[].clientSecret",
];

export interface DescribedConfig {
  readonly schema: Schema;
  readonly uiHints: Hints;
}

/** Channels that cannot be loaded are described like any other. */
export async function describeConfig(registry: ChannelRegistry): Promise<DescribedConfig> {
  const found = await Promise.allSettled(registry.list().map(({ id }) => registry.load(id)));
  const channels = found.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const hints = [
    ...SENSITIVE,
    ...channels.flatMap(({ id, config }) => config.secrets.map((name) => secretOf(id, name))),
  ];
  return {
    schema: withChannels(configSchema() as Schema, channels),
    uiHints: Object.fromEntries(hints.map((path) => [path, { sensitive: true }])),
  };
}

function secretOf(channel: string, name: string): string {
  return `channels.${channel}.*.config.${name}`;
}

function withChannels(schema: Schema, channels: readonly Channel[]): Schema {
  const all = schema.properties?.channels;
  const [accounts] = Object.values(all?.patternProperties ?? {});
  const [pattern, account] = Object.entries(accounts?.patternProperties ?? {})[0] ?? [];
  if (!all || !accounts || !account || pattern === undefined) return schema;
  const properties = Object.fromEntries(
    channels.map(({ id, config }): [string, Schema] => [
      id,
      {
        ...accounts,
        patternProperties: {
          [pattern]: { ...account, properties: { ...account.properties, config: config.schema as Schema } },
        },
      },
    ]),
  );
  return { ...schema, properties: { ...schema.properties, channels: { ...all, properties } } };
}

/**
 * What stands at a path: `gateway.port`, `agents[].model`, `agents.0.model`, `channels.*.*.settings`.
 * @throws REQ_002 when there is nothing of that name.
 */
export function lookUp({ schema, uiHints }: DescribedConfig, path: string): Lookup {
  const steps = path.split(/[./]|(?=\[)/).filter((step) => step !== "" && step !== ".");
  let at: Schema | undefined = schema;
  const place: string[] = [];
  for (const step of steps) {
    const inner: Schema | undefined = childOf(at ?? {}, step);
    if (!inner) throw nothingAt(path, place, step, at ?? {});
    at = inner;
    place.push(step);
  }
  const here = pathOf(place);
  return {
    path: here === "" ? path : here,
    schema: at,
    ...(here !== "" && { reloadKind: reloadKindOf(here) }),
    ...hintOf(uiHints, here),
    children: childrenOf(at ?? {}).map(([key, child]) => {
      const inner = pathOf([...place, key]);
      return {
        key,
        path: inner,
        ...(child.type !== undefined && { type: typeof child.type === "string" ? child.type : [...child.type] }),
        required: at?.required?.includes(key) ?? false,
        hasChildren: childrenOf(child).length > 0,
        reloadKind: reloadKindOf(inner),
        ...hintOf(uiHints, inner),
      };
    }),
  };
}

function nothingAt(path: string, place: readonly string[], step: string, schema: Schema): SwitchboardError {
  const meant = nearest(step, Object.keys(schema.properties ?? {}));
  const near = pathOf([...place, ...(meant === undefined ? [] : [meant])]);
  return new SwitchboardError("REQ_002", `There is no setting ${path}.`, {
    action: `${meant === undefined ? "See what there is in" : "Perhaps you mean"} ${near === "" ? "config.schema" : near}.`,
  });
}

function childOf(schema: Schema, step: string): Schema | undefined {
  if (schema.items && /^(\[\d*\]|\[\*\]|\d+|\*)$/.test(step)) return schema.items;
  if (schema.properties && Object.hasOwn(schema.properties, step)) return schema.properties[step];
  return step.startsWith("[") ? undefined : Object.values(schema.patternProperties ?? {})[0];
}

function childrenOf({ items, patternProperties = {}, properties = {} }: Schema): [string, Schema][] {
  const any = Object.values(patternProperties).map((child): [string, Schema] => ["*", child]);
  return [...Object.entries(properties), ...any, ...(items ? [["[]", items] as [string, Schema]] : [])];
}

/** Places in lists are all the same: `[]`. */
function pathOf(steps: readonly string[]): string {
  return steps.reduce((path, step) => {
    const isPlace = step.startsWith("[") || /^\d+$/.test(step);
    if (isPlace) return `${path}[]`;
    return path === "" ? step : `${path}.${step}`;
  }, "");
}

function hintOf(hints: Hints, path: string): Pick<Lookup, "hint" | "hintPath"> {
  const found = Object.entries(hints).find(([pattern]) => covers(pattern, path));
  return found ? { hint: found[1], hintPath: found[0] } : {};
}

function covers(pattern: string, path: string): boolean {
  const [wanted, given] = [pattern.split("."), path.split(".")];
  return wanted.length === given.length && wanted.every((step, index) => step === "*" || step === given[index]);
}
