/** Offers the tools to one MCP client, each to whom may use it. */
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { SwitchboardError, toSwitchboardError, validated } from "@switchboard/domain";
import type { Principal } from "../identity/principal.ts";
import type { MethodDeps } from "../methods/deps.ts";
import { TOOLS, type Tool } from "./tools.ts";

export function toolServer(deps: MethodDeps): Server {
  const server = new Server(
    { name: "switchboard", version: deps.version },
    {
      capabilities: { tools: {} },
      instructions: "Conversations of a messaging gateway: read what was said, send messages, decide who may write.",
    },
  );
  server.setRequestHandler(ListToolsRequestSchema, (_request, { authInfo }) => {
    const { scopes } = principalOf(authInfo);
    const offered = Object.entries(TOOLS).filter(([, { scope }]) => scopes.has(scope));
    return {
      tools: offered.map(([name, { description, params, readOnly }]) => ({
        name,
        description,
        inputSchema: JSON.parse(JSON.stringify(params)),
        annotations: { readOnlyHint: readOnly },
      })),
    };
  });
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { authInfo }) => {
    const principal = principalOf(authInfo);
    try {
      const tool: Tool | undefined = Object.hasOwn(TOOLS, params.name)
        ? TOOLS[params.name as keyof typeof TOOLS]
        : undefined;
      if (!tool) throw new SwitchboardError("REQ_002", `There is no tool ${params.name.slice(0, 100)}.`);
      if (!principal.scopes.has(tool.scope))
        throw new SwitchboardError("SEC_003", `This takes the scope ${tool.scope}.`);
      const input = validated(tool.params, params.arguments ?? {}, `arguments of ${params.name}`);
      return answer(await tool.run(deps, principal, input as never), false);
    } catch (thrown) {
      const error = toSwitchboardError(thrown);
      if (error.http >= 500) deps.log.error({ tool: params.name, error: error.message }, "a tool failed");
      return answer(
        { code: error.code, message: error.message, action: error.action, retryable: error.retryable },
        true,
      );
    }
  });
  return server;
}

function answer(value: object, isError: boolean) {
  return { content: [{ type: "text" as const, text: JSON.stringify(value) }], isError };
}

/** @throws REQ_005. */
function principalOf(auth: { readonly extra?: Record<string, unknown> } | undefined): Principal {
  const principal = auth?.extra?.principal as Principal | undefined;
  if (principal) return principal;
  throw new SwitchboardError("REQ_005");
}
