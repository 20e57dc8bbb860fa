/** Lets agents in that come over the WebSocket: who they are is proven before the line is opened (TEN-6). */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { SwitchboardError } from "@switchboard/domain";
import { CLOSE } from "@switchboard/protocol";
import { WebSocketServer } from "ws";
import { refuseForeignPage } from "../callers/origin.ts";
import type { ProxyTrust } from "../callers/peer.ts";
import type { Asking, Authenticator } from "../identity/authenticator.ts";
import type { Principal } from "../identity/principal.ts";
import { type GatewayLimits, gatewayLimits } from "../lines/limits.ts";
import type { MethodDeps } from "../methods/deps.ts";
import { AgentConnection } from "./socket-connection.ts";

export interface AgentEndpointOptions {
  readonly deps: MethodDeps;
  readonly authenticate: Authenticator;
  readonly trust: ProxyTrust;
  readonly allowedOrigins: readonly string[];
  readonly phase: () => "starting" | "ready" | "draining";
  readonly limits?: Partial<GatewayLimits> | undefined;
}

export interface AgentEndpoint {
  /** Rejects with what the agent should read, before the line is opened. */
  connect(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  close(): Promise<void>;
}

/** Of one tenant. */
const MOST_CONNECTIONS = 100;

export function createAgentEndpoint(options: AgentEndpointOptions): AgentEndpoint {
  const { authenticate, deps, phase } = options;
  const limits = gatewayLimits(options.limits);
  const connections = new Set<AgentConnection>();
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.maxPayload,
  });

  /** @throws REQ_005, SEC_003, SEC_009. */
  async function admit(request: IncomingMessage, asking: Asking): Promise<Principal> {
    const principal = await authenticate(request, asking);
    if (!principal) throw new SwitchboardError("REQ_005", "Connect with Authorization: Bearer and a key.");
    if (principal.kind === "person" || !principal.scopes.has("agents:run")) {
      throw new SwitchboardError("SEC_003", "This takes a key with the scope agents:run.");
    }
    return principal;
  }

  return {
    async connect(request, socket, head) {
      refuseForeignPage(request, options);
      if (phase() !== "ready") throw new SwitchboardError("SYS_001", `The gateway is ${phase()}.`);
      const principal = await admit(request, "request");
      const { tenant } = principal;
      if ([...connections].filter((each) => each.tenant === tenant).length >= MOST_CONNECTIONS) {
        throw new SwitchboardError("SEC_011", `A tenant's agents have at most ${MOST_CONNECTIONS} connections.`, {
          action: "Close some of them.",
        });
      }
      server.handleUpgrade(request, socket, head, (webSocket) => {
        const connection = new AgentConnection(webSocket, {
          principal,
          deps,
          limits,
          again: (asking) => admit(request, asking),
          gone: () => connections.delete(connection),
        });
        connections.add(connection);
      });
    },
    async close() {
      await Promise.all([...connections].map((each) => each.dismiss(CLOSE.restart, "service restart")));
      server.close();
    },
  };
}
