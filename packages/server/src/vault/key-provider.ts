/** Which keys a gateway works with: those of the environment, else those of the place that is set. */
import { join } from "node:path";
import type { KeyProvider } from "@switchboard/core";
import { environmentKeys } from "./environment-keys.ts";
import { fileKeys } from "./file-keys.ts";

/** @throws CFG_001 when the environment holds what is no key. */
export function keyProvider(options: {
  readonly env: NodeJS.ProcessEnv;
  readonly stateDirectory: string;
}): KeyProvider {
  const { env, stateDirectory } = options;
  return environmentKeys(env) ?? fileKeys(join(stateDirectory, "vault-key"));
}
