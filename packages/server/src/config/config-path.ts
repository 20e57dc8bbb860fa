/** Reads and changes one setting by its dotted path, e.g. `gateway.port` or `agents.0.model`. */
import { SwitchboardError } from "@switchboard/domain";

type Container = Record<string, unknown> | unknown[];

const FORBIDDEN = new Set(["__proto__", "prototype", "constructor"]);

function stepsOf(path: string): string[] {
  const steps = path.split(".").filter((step) => step !== "");
  if (steps.length === 0 || steps.some((step) => FORBIDDEN.has(step))) {
    throw new SwitchboardError("REQ_001", `"${path}" is no path of a setting. Write it like gateway.port.`);
  }
  return steps;
}

/** The value there, or `undefined`. */
export function getAt(value: unknown, path: string): unknown {
  let at: unknown = value;
  for (const step of stepsOf(path)) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string, unknown>)[step];
  }
  return at;
}

/** A copy with the value there; `undefined` takes the setting out. */
export function setAt(value: Record<string, unknown>, path: string, next: unknown): Record<string, unknown> {
  const copy = structuredClone(value);
  const steps = stepsOf(path);
  const last = steps.pop() ?? "";
  let at: Container = copy;
  for (const [index, step] of steps.entries()) {
    const found = Object.hasOwn(at, step) ? (at as Record<string, unknown>)[step] : undefined;
    if (typeof found === "object" && found !== null) at = found as Container;
    else at = put(at, step, isIndex(steps[index + 1] ?? last) ? [] : {});
  }
  if (next === undefined) {
    if (Array.isArray(at)) at.splice(Number(last), 1);
    else delete at[last];
  } else put(at, last, next);
  return copy;
}

function put<T>(at: Container, step: string, value: T): T {
  if (Array.isArray(at)) {
    const index = step === "-" ? at.length : Number(step);
    if (!Number.isInteger(index) || index < 0 || index > at.length) {
      throw new SwitchboardError("REQ_001", `"${step}" is no place in a list; the next free one is ${at.length}.`);
    }
    at[index] = value;
  } else at[step] = value;
  return value;
}

function isIndex(step: string): boolean {
  return step === "-" || /^\d+$/.test(step);
}
