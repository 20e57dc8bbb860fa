/** Which keys a gateway works with: those of the environment, else those of the place that is set. */
import { join } from "node:path";
import type { KeyProvider } from "@switchboard/core";
import type { Config } from "@switchboard/protocol";
import { environmentKeys } from "./environment-keys.ts";
import { fileKeys } from "./file-keys.ts";
import { systemKeys } from "./system-keys.ts";

/** @throws CFG_001 when the environment holds what is no key. */
export function keyProvider(options: {
  readonly env: NodeJS.ProcessEnv;
  readonly settings: Config["vault"];
  readonly stateDirectory: string;
}): KeyProvider {
  const { env, settings, stateDirectory } = options;
  const given = environmentKeys(env);
  if (given) return given;
  return settings.provider === "system" ? systemKeys(stateDirectory) : fileKeys(join(stateDirectory, "vault-key"));
}
