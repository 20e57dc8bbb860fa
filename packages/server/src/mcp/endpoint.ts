/**
 * The MCP server over streamable HTTP: who asks, whose session it is, then the tools. Every request proves anew who asks;
 * a session belongs to the one who began it, and nobody else learns that it exists.
 */
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { SwitchboardError } from "@switchboard/domain";
import { refuseForeignPage } from "../callers/origin.ts";
import type { ProxyTrust } from "../callers/peer.ts";
import { decodeJson } from "../http/decode.ts";
import type { Authenticator } from "../identity/authenticator.ts";
import type { Principal } from "../identity/principal.ts";
import type { MethodDeps } from "../methods/deps.ts";
import { toolServer } from "./server.ts";
import { McpSessions } from "./sessions.ts";

export interface McpOptions {
  readonly deps: MethodDeps;
  readonly authenticate: Authenticator;
  readonly trust: ProxyTrust;
  readonly allowedOrigins: readonly string[];
}

export interface McpEndpoint {
  /** Rejects with what the caller should read. */
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
  close(): Promise<void>;
}

const MOST_BYTES = 1024 * 1024;
const MOST_DEPTH = 32;

export function createMcpEndpoint(options: McpOptions): McpEndpoint {
  const { authenticate, deps } = options;
  const sessions = new McpSessions<StreamableHTTPServerTransport>();

  /** @throws REQ_005 for nobody. */
  async function admit(request: IncomingMessage, response: ServerResponse): Promise<Principal> {
    const principal = await authenticate(request);
    if (principal) return principal;
    response.setHeader("www-authenticate", "Bearer");
    throw new SwitchboardError("REQ_005");
  }

  async function begin(principal: Principal): Promise<StreamableHTTPServerTransport> {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized(id) {
        void sessions.add(id, principal, transport)?.close();
      },
      onsessionclosed: (id) => void sessions.delete(id),
      enableJsonResponse: false,
    });
    transport.onclose = () => transport.sessionId !== undefined && sessions.delete(transport.sessionId);
    await toolServer(deps).connect(transport as Parameters<ReturnType<typeof toolServer>["connect"]>[0]);
    return transport;
  }

  return {
    async answer(request, response) {
      refuseForeignPage(request, options);
      let principal = await admit(request, response);
      const { id: caller, tenant } = principal;
      const id = request.headers["mcp-session-id"];
      const known = typeof id === "string" ? sessions.use(id, principal) : undefined;
      if (id !== undefined && !known) {
        // As the protocol wants it for a session that is over: the client begins another one.
        throw new SwitchboardError("REQ_002", "There is no such session, or no longer.", {
          action: "Initialize anew.",
        });
      }
      let body: unknown;
      if (request.method === "POST") {
        body = await bodyOf(request);
        // A body may take its time: whoever may no longer is refused.
        principal = await admit(request, response);
        if (principal.id !== caller || principal.tenant !== tenant) throw new SwitchboardError("REQ_005");
      }
      const transport = known ?? (await begin(principal));
      await transport.handleRequest(Object.assign(request, { auth: authOf(principal) }), response, body);
      // Whoever asked for something else than a session has none.
      if (!known && transport.sessionId === undefined) await transport.close();
    },
    async close() {
      await Promise.all(sessions.all().map((transport) => transport.close()));
    },
  };
}

/** What tools get to know of this very request. */
function authOf(principal: Principal) {
  return { token: "", clientId: principal.id, scopes: [...principal.scopes], extra: { principal } };
}

/** @throws REQ_003, REQ_001. */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new SwitchboardError("REQ_003", `A request has at most ${MOST_BYTES} bytes.`);
    chunks.push(chunk);
  }
  const decoded = decodeJson(Buffer.concat(chunks), MOST_DEPTH);
  if (decoded.ok) return decoded.value;
  throw new SwitchboardError("REQ_001", `The body cannot be read: ${decoded.reason}.`);
}
