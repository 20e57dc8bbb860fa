/** Takes what is for the MCP server. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { type LazyListener, lazyListener, type Refuse } from "../http/lazy-listener.ts";
import type { McpOptions } from "./endpoint.ts";

export function mcpListener({ refuse, ...options }: McpOptions & { readonly refuse: Refuse }): LazyListener {
  const load = async () => {
    const { createMcpEndpoint } = await import("./endpoint.ts");
    const { answer, close } = createMcpEndpoint(options);
    return {
      listener(request: IncomingMessage, response: ServerResponse) {
        answer(request, response).catch((error: unknown) => {
          if (response.headersSent) response.destroy();
          else refuse(error, request, response);
        });
      },
      close,
    };
  };
  return lazyListener((path) => path === "/mcp", load, refuse);
}
