/**
 * What differs between two configurations, and whether it can count at once. What is not named as live needs a restart:
 * a setting that nobody thought of must not seem to be in force.
 */
import { isDeepStrictEqual } from "node:util";
import type { Config } from "@switchboard/protocol";

/** Sections whose entries are told apart, so many levels deep; others are one thing. */
const DEPTH: Readonly<Record<string, number>> = {
  gateway: 2,
  channels: 3,
  sessions: 2,
  limits: 2,
  turns: 2,
  classifier: 2,
  retention: 2,
  log: 2,
};

const LIVE: readonly string[] = ["agents", "bindings", "channels", "log.level"];

export type ReloadKind = "restart" | "hot" | "none";

/** `none`: it says nothing to the gateway. */
export function reloadKindOf(path: string): ReloadKind {
  if (path === "$schema") return "none";
  return LIVE.some((live) => path === live || path.startsWith(`${live}.`) || path.startsWith(`${live}[`))
    ? "hot"
    : "restart";
}

/** Dotted paths, sorted. Both with every default filled in. */
export function differences(before: Config, after: Config): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .flatMap((name) => differing(member(before, name), member(after, name), name, DEPTH[name] ?? 1))
    .sort();
}

function differing(before: unknown, after: unknown, path: string, depth: number): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (depth === 1) return [path];
  const names = new Set([...keysOf(before), ...keysOf(after)]);
  return [...names].flatMap((name) =>
    differing(member(before, name), member(after, name), `${path}.${name}`, depth - 1),
  );
}

/** `before` with the live parts of `after`: what is in force after these were applied. */
export function withLiveParts(before: Config, after: Config): Config {
  const { agents, bindings, channels } = after;
  return { ...before, agents, bindings, channels, log: { ...before.log, level: after.log.level } };
}

function keysOf(value: unknown): string[] {
  return typeof value === "object" && value !== null ? Object.keys(value) : [];
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
