/** What an account remembers, in a map that outlives it: a value ends with its `ttlMs`, and time passes when a test says so. */
import type { AccountMemory } from "@switchboard/domain";

interface Time {
  /** By key, in milliseconds of `now`; a value without an end stays. */
  readonly ends: Map<string, number>;
  /** Milliseconds that passed because a test said so. */
  passed: number;
}

const times = new WeakMap<Map<string, string>, Time>();

/** Several of one map share its time; `prefix` keeps their values apart. */
export function contractMemory(values: Map<string, string>, prefix = ""): AccountMemory {
  const time = timeOf(values);
  const remove = (key: string) => {
    values.delete(key);
    time.ends.delete(key);
  };
  const get = (key: string) => {
    const end = time.ends.get(key);
    if (end !== undefined && now(time) >= end) remove(key);
    return values.get(key);
  };
  const set = (key: string, value: string, ttlMs: number | undefined) => {
    values.set(key, value);
    if (ttlMs === undefined) time.ends.delete(key);
    else time.ends.set(key, now(time) + ttlMs);
  };
  return {
    get: async (name) => get(prefix + name),
    set: async (name, value, { ttlMs } = {}) => set(prefix + name, value, ttlMs),
    remove: async (name) => remove(prefix + name),
    swap: async (changes) => {
      if (changes.some(({ from, key }) => get(prefix + key) !== from)) return false;
      for (const { key, to, ttlMs } of changes) {
        if (to === undefined) remove(prefix + key);
        else set(prefix + key, to, ttlMs);
      }
      return true;
    },
  };
}

/** So many milliseconds pass. */
export function agedBy(values: Map<string, string>, ms: number): void {
  timeOf(values).passed += ms;
}

function now({ passed }: Time): number {
  return Date.now() + passed;
}

function timeOf(values: Map<string, string>): Time {
  const time = times.get(values) ?? { ends: new Map(), passed: 0 };
  times.set(values, time);
  return time;
}
