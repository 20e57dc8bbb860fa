import { completed } from "@switchboard/domain";
import { Config, configSchema } from "@switchboard/protocol";
import { describe, expect, it } from "vitest";
import { differences, reloadKindOf, withLiveParts } from "./differences.ts";

const config = (value: object) => completed(Config, value, "test");

/** Places of objects that take names nobody described; `config` is the channel's, which checks it itself. */
function openPlaces(schema: unknown, path: string): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const {
    additionalProperties,
    anyOf = [],
    items,
    patternProperties,
    properties,
    type,
  } = schema as {
    additionalProperties?: unknown;
    anyOf?: unknown[];
    items?: unknown;
    patternProperties?: Record<string, unknown>;
    properties?: Record<string, unknown>;
    type?: string;
  };
  const open = type === "object" && additionalProperties !== false && patternProperties === undefined ? [path] : [];
  const inner = [
    ...Object.entries(properties ?? {}),
    ...Object.values(patternProperties ?? {}).map((each): [string, unknown] => ["*", each]),
    ...(items ? [["[]", items] as [string, unknown]] : []),
  ].flatMap(([name, each]) => openPlaces(each, `${path}.${name}`));
  return [...open, ...anyOf.flatMap((each) => openPlaces(each, path)), ...inner];
}

describe("what a change of the configuration means", () => {
  it("GHSA-cwj3-vqpp-pmxr what is not described cannot be set, at any depth", () => {
    expect(openPlaces(configSchema(), "")).toEqual([]);
  });

  it("GHSA-cwj3-vqpp-pmxr what is not named as live needs a restart", () => {
    const hot = Object.keys(Config.properties).filter((name) => reloadKindOf(name) === "hot");
    expect(hot).toEqual(["agents", "bindings", "channels"]);
    for (const path of ["gateway.auth", "gateway.allowedOrigins", "log.pretty", "agentsX", "thirdPartyChannels"]) {
      expect(reloadKindOf(path)).toBe("restart");
    }
  });

  it("OPS-1 names what differs, as deep as changes are told apart", () => {
    const before = config({ channels: { x: { a: {}, b: {} } } });
    const after = config({
      gateway: { port: 1, auth: { token: "t" } },
      agents: [{ id: "a" }],
      channels: { x: { a: { enabled: false }, b: {} }, y: { c: {} } },
      log: { level: "debug", pretty: false },
    });
    const all = ["agents", "channels.x.a", "channels.y.c", "gateway.auth", "gateway.port", "log.level", "log.pretty"];
    expect(differences(before, after)).toEqual(all);
    expect(differences(before, before)).toEqual([]);
    const pending = differences(withLiveParts(before, after), after);
    expect(pending).toEqual(all.filter((path) => reloadKindOf(path) === "restart"));
  });
});
