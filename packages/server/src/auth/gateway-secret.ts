/** The gateway's own secret: what programs of its owner show. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { SwitchboardError } from "@switchboard/domain";
import type { GatewayConfig } from "@switchboard/protocol";
import { readOrCreateSecret, readSecret } from "../state/secret-file.ts";
import type { AuthMode } from "./identify.ts";

const FILE = "gateway-token";

type AuthConfig = GatewayConfig["auth"];

/** @throws CFG_001 when the settings contradict each other. */
export function authMode(auth: AuthConfig): AuthMode {
  const mode = auth.mode ?? (auth.password === undefined ? "token" : "password");
  if (auth.mode === undefined && auth.password !== undefined && auth.token !== undefined) {
    throw wrong("gateway.auth has a token and a password; say in gateway.auth.mode which one counts.");
  }
  if (mode === "password" && auth.password === undefined) {
    throw wrong("gateway.auth.mode is password, but gateway.auth.password is not set.");
  }
  if (mode === "trusted-proxy" && auth.trustedProxy === undefined) {
    throw wrong("gateway.auth.mode is trusted-proxy, but gateway.auth.trustedProxy does not name the user's header.");
  }
  return mode;
}

/** The secret in force: the password in mode `password`, else the token: configured, or made at the first start. */
export function gatewaySecret(auth: AuthConfig, stateDirectory: string): string {
  return (
    configured(auth) ?? readOrCreateSecret(join(stateDirectory, FILE), () => randomBytes(32).toString("base64url"))
  );
}

/** The secret of a gateway that has been started here before; for clients on the same machine. */
export function knownGatewaySecret(auth: AuthConfig, stateDirectory: string): string | undefined {
  return configured(auth) ?? readSecret(join(stateDirectory, FILE));
}

function configured(auth: AuthConfig): string | undefined {
  return (authMode(auth) === "password" ? auth.password : auth.token) as string | undefined;
}

function wrong(message: string): SwitchboardError {
  return new SwitchboardError("CFG_001", message);
}
