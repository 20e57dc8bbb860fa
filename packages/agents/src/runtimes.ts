/** Finds the runtime an agent asks for. Libraries are loaded when a runtime is first needed, never before. */
import type { AgentRuntime, AgentRuntimes } from "@switchboard/core/ports";
import { SwitchboardError, type TenantId, type TurnId } from "@switchboard/domain";
import { createEchoRuntime, type EchoOptions } from "./echo/echo.ts";
import type { LaterReply } from "./external/late-answer.ts";
import { endpointOf } from "./model/endpoint.ts";
import type { ModelRuntimeOptions } from "./model/model-runtime.ts";
import { AgentLinks } from "./socket/links.ts";
import type { CircuitState } from "./webhook/breaker.ts";
import { webhookEndpoint } from "./webhook/endpoint.ts";
import type { Post, WebhookRuntime } from "./webhook/webhook-runtime.ts";

export interface AgentRuntimesOptions extends ModelRuntimeOptions, EchoOptions {
  /** How agents behind an address are called; without it, none is. */
  readonly post?: Post;
  /** How a turn of such an agent is answered later. */
  replyTo?(tenant: TenantId, turn: TurnId): Promise<LaterReply>;
  /** Unix milliseconds; default the machine's clock. */
  now?(): number;
}

export interface AgentsOfGateway extends AgentRuntimes {
  /** How the endpoints of webhook agents do, by the agent's id; those that were not asked yet are missing. */
  circuits(): ReadonlyMap<string, CircuitState>;
  /** Agents that are connected by themselves. */
  readonly links: AgentLinks;
}

export function createAgentRuntimes(options: AgentRuntimesOptions = {}): AgentsOfGateway {
  const echo = createEchoRuntime(options);
  const models = new Map<"openai" | "anthropic", Promise<AgentRuntime>>();
  const links = new AgentLinks();
  let webhook: Promise<WebhookRuntime> | undefined;
  let socket: Promise<AgentRuntime> | undefined;
  let circuits: AgentsOfGateway["circuits"] = () => new Map();
  return {
    async runtimeFor(agent) {
      if (agent.runtime === "echo") return echo;
      if (agent.runtime === "webhook") {
        webhookEndpoint(agent);
        webhook ??= loadWebhook(options).then((loaded) => {
          circuits = loaded.circuits;
          return loaded;
        });
        return webhook;
      }
      if (agent.runtime === "websocket") {
        socket ??= loadSocket(options, links);
        return socket;
      }
      endpointOf(agent, agent.runtime);
      let runtime = models.get(agent.runtime);
      if (runtime === undefined) {
        runtime = load(agent.runtime, options);
        models.set(agent.runtime, runtime);
      }
      return runtime;
    },
    circuits: () => circuits(),
    links,
    connected: links,
    canRun: (tenant, { id, runtime }) => runtime !== "websocket" || links.room(tenant, id) > 0,
  };
}

async function load(protocol: "openai" | "anthropic", options: ModelRuntimeOptions): Promise<AgentRuntime> {
  const { createModelRuntime } = await import("./model/model-runtime.ts");
  return createModelRuntime(protocol, options);
}

async function loadWebhook(options: AgentRuntimesOptions): Promise<WebhookRuntime> {
  const { historyEntries, now = Date.now, post, replyTo, storeBlob } = options;
  if (!post || !replyTo || !storeBlob) throw notHere();
  const { createWebhookRuntime } = await import("./webhook/webhook-runtime.ts");
  return createWebhookRuntime({ post, replyTo, storeBlob, now, historyEntries });
}

async function loadSocket(options: AgentRuntimesOptions, links: AgentLinks): Promise<AgentRuntime> {
  const { historyEntries, now = Date.now, replyTo, storeBlob } = options;
  if (!replyTo || !storeBlob) throw notHere();
  const { createSocketRuntime } = await import("./socket/socket-runtime.ts");
  return createSocketRuntime({ links, replyTo, storeBlob, now, historyEntries });
}

function notHere(): SwitchboardError {
  return new SwitchboardError("AGENT_006", "Agents outside are not asked here.");
}
