import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { readOrCreateSecret, readSecret } from "./state/secret-file.ts";

const FILE = "gateway-token";

/** The token in force: configured, else a random one made at the first start. */
export function gatewayToken(configured: string | undefined, stateDirectory: string): string {
  return configured ?? readOrCreateSecret(join(stateDirectory, FILE), () => randomBytes(32).toString("base64url"));
}

/** The token of a gateway that has been started here before; for clients on the same machine. */
export function knownGatewayToken(configured: string | undefined, stateDirectory: string): string | undefined {
  return configured ?? readSecret(join(stateDirectory, FILE));
}
