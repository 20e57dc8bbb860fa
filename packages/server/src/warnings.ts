/** What is legal to set and rarely meant: told at the start, in the log. */

import { modelsOfNobody } from "@switchboard/agents";
import type { GatewayConfig } from "@switchboard/protocol";
import { kindOfHost } from "@switchboard/protocol";
import { authMode } from "./auth/gateway-secret.ts";

export interface Warning {
  /** For a machine; never a secret. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** A random token of this many characters cannot be guessed; a shorter one perhaps. */
const SHORTEST_TOKEN = 16;

/** What a cluster would use (OPS-1); who sets it should learn that nobody does. */
const UNUSED_VARIABLES = ["REDIS_URL"] as const;

export function warningsOf(gateway: GatewayConfig, token: string, env: NodeJS.ProcessEnv): Warning[] {
  const { auth, host, tls } = gateway;
  const open = authMode(auth) === "none";
  const beyond = kindOfHost(host) !== "loopback";
  return [
    ...UNUSED_VARIABLES.filter((name) => env[name]).map((variable) => ({
      fields: { variable },
      message: `${variable} is set, but this release uses no Redis`,
    })),
    ...modelsOfNobody(env).map((variable) => ({
      fields: { variable },
      message: `${variable} is set, but neither a key nor a base URL beside it: no agent uses it`,
    })),
    ...(!open && token.length < SHORTEST_TOKEN
      ? [
          {
            fields: { characters: token.length },
            message: `the gateway's token is short enough to be guessed; use at least ${SHORTEST_TOKEN} random characters`,
          },
        ]
      : []),
    ...(beyond && (open || !tls.enabled)
      ? [
          {
            fields: { host },
            message: open
              ? "others than this machine can connect, and no token is asked of them"
              : "others than this machine can connect, without encryption; set gateway.tls.enabled, or put a proxy with TLS before it",
          },
        ]
      : []),
  ];
}
