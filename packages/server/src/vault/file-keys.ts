/** Master keys in a file that only its owner can read, one a line, the one that seals first. */
import { type KeyProvider, masterKeys, masterKeysText } from "@switchboard/core";
import { readSecret, writeSecret } from "../state/secret-file.ts";

export function fileKeys(path: string): KeyProvider {
  return {
    kind: "file",
    place: `the file ${path}`,
    /** @throws STORE_003 when others may read it, or it is empty; CFG_001 for what is no key. */
    read: async () => masterKeys(readSecret(path) ?? ""),
    write: async (keys) => writeSecret(path, masterKeysText(keys)),
  };
}
