/** Master keys from the environment, the one that seals first: whoever runs the gateway keeps and changes them. */
import { type KeyProvider, masterKeys } from "@switchboard/core";

export const KEY_VARIABLE = "CHANNEL_ENCRYPTION_KEY";

/** `undefined` when the variable holds nothing. @throws CFG_001 for what is no key. */
export function environmentKeys(env: NodeJS.ProcessEnv): KeyProvider | undefined {
  const keys = masterKeys(env[KEY_VARIABLE] ?? "");
  if (keys.length === 0) return undefined;
  return { kind: "environment", place: `the variable ${KEY_VARIABLE}`, read: async () => keys };
}
