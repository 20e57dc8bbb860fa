/** Takes the upgrades that are for the agents' WebSocket, which is loaded when an agent first comes. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type SwitchboardError, toSwitchboardError } from "@switchboard/domain";
import { errorBody } from "../http/answers.ts";
import { endUpgrade } from "../lines/end-upgrade.ts";
import type { AgentEndpoint, AgentEndpointOptions } from "./socket-endpoint.ts";

const PATH = "/agents/connect";

export interface AgentSocketListener {
  /** Takes an upgrade if it is an agent's and says so; every other is somebody else's. */
  takes(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Sends every agent away; it may come back to another process. */
  close(): Promise<void>;
}

export function agentSocketListener(options: AgentEndpointOptions): AgentSocketListener {
  let loading: Promise<AgentEndpoint> | undefined;
  const load = async () => (await import("./socket-endpoint.ts")).createAgentEndpoint(options);
  return {
    takes(request, socket, head) {
      if (request.url?.split("?")[0] !== PATH) return false;
      socket.on("error", () => {});
      loading ??= load();
      loading
        .catch((error: unknown) => {
          // A failure is not kept: the next agent tries again.
          loading = undefined;
          throw error;
        })
        .then((endpoint) => endpoint.connect(request, socket, head))
        .catch((error: unknown) => refuse(socket, toSwitchboardError(error)));
      return true;
    },
    async close() {
      const endpoint = await loading?.catch(() => undefined);
      await endpoint?.close();
    },
  };
}

function refuse(socket: Duplex, error: SwitchboardError): void {
  const text = JSON.stringify(errorBody(error));
  const wait = error.retryAfterMs === undefined ? "" : `Retry-After: ${Math.ceil(error.retryAfterMs / 1000)}\r\n`;
  const who = error.http === 401 ? "WWW-Authenticate: Bearer\r\n" : "";
  endUpgrade(
    socket,
    `HTTP/1.1 ${error.http} Refused\r\nConnection: close\r\n${wait}${who}Content-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
}
