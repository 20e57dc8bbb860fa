/** Reads recorded payloads. */
import { readdirSync, readFileSync } from "node:fs";
import type { Fixture } from "./options.ts";

export function readFixtures(directory: URL): [string, Fixture][] {
  return readdirSync(directory)
    .filter((file) => file.endsWith(".json"))
    .sort()
    .map((file) => [
      file.slice(0, -".json".length),
      JSON.parse(readFileSync(new URL(file, directory), "utf8")) as Fixture,
    ]);
}

/** A copy in which every text that equals `from` is `to`. */
export function replaced<T>(value: T, from: unknown, to: unknown): T {
  if (value === from) return to as T;
  if (Array.isArray(value)) return value.map((each: unknown) => replaced(each, from, to)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, replaced(each, from, to)])) as T;
}

/** Makes a value that cannot be changed, however deep. */
export function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const each of Object.values(value)) frozen(each);
  }
  return value;
}
