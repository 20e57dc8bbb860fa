/** What the browser keeps for this page. Without permission, or when it is full, the page works and forgets. */

export interface Storage {
  read(name: string): unknown;
  /** `undefined` removes it. */
  write(name: string, value: unknown): void;
  /** The names that begin with `prefix`. */
  names(prefix: string): string[];
}

const PREFIX = "switchboard.";

export function browserStorage(area: globalThis.Storage | undefined = localArea()): Storage {
  return {
    read(name) {
      try {
        const text = area?.getItem(PREFIX + name);
        return text === null || text === undefined ? undefined : JSON.parse(text);
      } catch {
        return undefined;
      }
    },
    write(name, value) {
      try {
        if (value === undefined) area?.removeItem(PREFIX + name);
        else area?.setItem(PREFIX + name, JSON.stringify(value));
      } catch {
        // Full or forbidden: nothing the reader could do about it.
      }
    },
    names(prefix) {
      const all = area ? Array.from({ length: area.length }, (_, index) => area.key(index) ?? "") : [];
      return all.filter((name) => name.startsWith(PREFIX + prefix)).map((name) => name.slice(PREFIX.length));
    },
  };
}

function localArea(): globalThis.Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}
