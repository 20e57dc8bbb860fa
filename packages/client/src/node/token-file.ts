/** Device tokens in a file. */
import { SwitchboardError } from "@switchboard/protocol";
import type { DeviceToken, TokenKey, TokenStore } from "../token-store.ts";
import { readPrivateFile, writePrivateFile } from "./private-file.ts";

interface Entry extends DeviceToken {
  readonly gateway: string;
}

/**
 * A store in a JSON file that only its owner can read. Read anew each time; of two processes that write at the same
 * moment, the later one wins. Its methods throw STORE_003 when the file cannot be read or written, or is damaged.
 */
export function fileTokenStore(path: string): TokenStore {
  const others = ({ gateway, role }: TokenKey, entries: readonly Entry[]) =>
    entries.filter((entry) => entry.gateway !== gateway || entry.role !== role);
  const write = (tokens: readonly Entry[]) =>
    writePrivateFile(path, `${JSON.stringify({ version: 1, tokens }, undefined, 2)}\n`);
  return {
    read({ gateway, role }) {
      const found = entriesIn(path).find((entry) => entry.gateway === gateway && entry.role === role);
      if (!found) return undefined;
      const { gateway: _, ...token } = found;
      return token;
    },
    write(key, token) {
      write([...others(key, entriesIn(path)), { gateway: key.gateway, ...token, role: key.role }]);
    },
    forget(key) {
      const entries = entriesIn(path);
      const left = others(key, entries);
      if (left.length < entries.length) write(left);
    },
  };
}

function entriesIn(path: string): readonly Entry[] {
  const text = readPrivateFile(path);
  if (text === undefined) return [];
  const tokens = parsed(text);
  if (Array.isArray(tokens) && tokens.every(isEntry)) return tokens;
  throw new SwitchboardError("STORE_003", `${path} is no file of device tokens.`, {
    action: "Restore it from a backup, or delete it and pair this device anew.",
  });
}

function parsed(text: string): unknown {
  try {
    return (JSON.parse(text) as { readonly tokens?: unknown } | null)?.tokens;
  } catch {
    return undefined;
  }
}

function isEntry(value: unknown): value is Entry {
  const { gateway, issuedAtMs, role, scopes, token } = (value ?? {}) as Partial<Record<keyof Entry, unknown>>;
  const texts = [gateway, role, token, ...(Array.isArray(scopes) ? scopes : [undefined])];
  return typeof issuedAtMs === "number" && texts.every((each) => typeof each === "string");
}
