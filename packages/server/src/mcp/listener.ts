/** Stands before the HTTP framework and takes what is for the MCP server, which is loaded when somebody first asks for it. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { McpEndpoint, McpOptions } from "./endpoint.ts";

const PATH = "/mcp";

export interface McpListener {
  /** Takes a request if it is for the MCP server and says so; every other is somebody else's. */
  takes(request: IncomingMessage, response: ServerResponse): boolean;
  /** Ends every session. */
  close(): Promise<void>;
}

export interface McpListenerOptions extends McpOptions {
  /** Answers a request with an error. */
  refuse(thrown: unknown, request: IncomingMessage, response: ServerResponse): void;
}

export function mcpListener(options: McpListenerOptions): McpListener {
  let loading: Promise<McpEndpoint> | undefined;
  const load = async () => (await import("./endpoint.ts")).createMcpEndpoint(options);
  return {
    takes(request, response) {
      if (request.url?.split("?")[0] !== PATH) return false;
      loading ??= load();
      loading
        .catch((error: unknown) => {
          // A failure is not kept: the next request tries again.
          loading = undefined;
          throw error;
        })
        .then((endpoint) => endpoint.answer(request, response))
        .catch((error: unknown) => {
          if (response.headersSent) response.destroy();
          else options.refuse(error, request, response);
        });
      return true;
    },
    close: async () => (await loading)?.close(),
  };
}
