/**
 * Finds channel packages without running them: the `switchboard` field of their package.json says what they are. A new
 * channel is a new package beside the others; nothing here names one.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ChannelId, parseJsonObject } from "@switchboard/domain";

export interface DiscoveredChannel {
  readonly id: ChannelId;
  readonly packageName: string;
  /** Environment variables that configure its `default` account. */
  readonly env: readonly string[];
}

const SCOPE = "@switchboard";
const PREFIX = "channel-";

/**
 * The installed channels, by id. Packages of our own scope are taken as they are; any other name must be listed in
 * `thirdParty`, because loading a package runs its code.
 */
export function discoverChannels(
  thirdParty: readonly string[] = [],
  from: string = dirname(fileURLToPath(import.meta.url)),
): readonly DiscoveredChannel[] {
  const found = new Map<string, DiscoveredChannel>();
  for (const modules of nodeModulesAbove(from)) {
    const own = join(modules, SCOPE);
    const names = existsSync(own) ? readdirSync(own).filter((name) => name.startsWith(PREFIX)) : [];
    for (const packageName of [...names.map((name) => `${SCOPE}/${name}`), ...thirdParty]) {
      const channel = readChannel(modules, packageName);
      if (channel && !found.has(channel.id)) found.set(channel.id, channel);
    }
  }
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function readChannel(modules: string, packageName: string): DiscoveredChannel | undefined {
  const file = join(modules, packageName, "package.json");
  if (!existsSync(file)) return undefined;
  const field = parseJsonObject(readFileSync(file, "utf8"))?.switchboard as
    | { channel?: unknown; env?: unknown }
    | undefined;
  if (typeof field?.channel !== "string") return undefined;
  const env = Array.isArray(field.env) ? field.env.filter((name): name is string => typeof name === "string") : [];
  return { id: field.channel as ChannelId, packageName, env };
}

/** The `node_modules` folders Node would look into from there, nearest first. */
function nodeModulesAbove(from: string): string[] {
  const folders: string[] = [];
  for (let at = from; ; at = dirname(at)) {
    const candidate = join(at, "node_modules");
    if (existsSync(candidate)) folders.push(candidate);
    if (dirname(at) === at) return folders;
  }
}
