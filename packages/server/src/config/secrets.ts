/** Turns `{ "env": "NAME" }` into the value of that variable, anywhere in a value. */
import { SwitchboardError } from "@switchboard/domain";

/** @throws CFG_001 naming the variable that is not set. */
export function resolveSecrets<T>(value: T, env: NodeJS.ProcessEnv): T {
  return resolve(value, env) as T;
}

function resolve(value: unknown, env: NodeJS.ProcessEnv): unknown {
  if (Array.isArray(value)) return value.map((each) => resolve(each, env));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first?.[0] === "env" && typeof first[1] === "string") {
    const found = env[first[1]];
    if (found === undefined || found === "") {
      throw new SwitchboardError(
        "CFG_001",
        `The configuration names the environment variable ${first[1]}, which is not set.`,
      );
    }
    return found;
  }
  return Object.fromEntries(entries.map(([name, each]) => [name, resolve(each, env)]));
}
