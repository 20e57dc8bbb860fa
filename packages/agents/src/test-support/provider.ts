/** A model server and the runtime that talks to it, for one test file. */
import type { AgentRequest, AgentRuntime } from "@switchboard/core/ports";
import type { AgentSettings } from "@switchboard/protocol";
import { type ModelServer, type RecordedRequest, startModelServer } from "@switchboard/testkit/model-server";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { type AgentRuntimesOptions, createAgentRuntimes } from "../runtimes.ts";
import { type Asking, anAgent, aRequest, ask, type Run } from "./ask.ts";

export const PROTOCOLS = ["openai", "anthropic"] as const;
export type Protocol = (typeof PROTOCOLS)[number];

export const KEY = "sk-test-0123456789abcdefghij";

export interface Provider {
  readonly server: ModelServer;
  agent(protocol: Protocol, settings?: Partial<AgentSettings>): AgentSettings;
  /** Runs one request; `settings` are the agent's. */
  ask(
    protocol: Protocol,
    asking?: Asking & { readonly settings?: Partial<AgentSettings>; readonly signal?: AbortSignal },
  ): Promise<Run>;
  request(protocol: Protocol, asking?: Asking & { readonly settings?: Partial<AgentSettings> }): AgentRequest;
  runtime(protocol: Protocol): Promise<AgentRuntime>;
  /** The newest request the server got. */
  last(): RecordedRequest;
}

/** To be called at the top of a test file. Every test begins with an empty script and a fresh runtime. */
export function useProvider(options: AgentRuntimesOptions = {}): Provider {
  let server: ModelServer;
  let runtimes = createAgentRuntimes(options);
  beforeAll(async () => {
    server = await startModelServer();
  });
  beforeEach(() => {
    server.reset();
    server.otherwise({ type: "echo" });
    runtimes = createAgentRuntimes(options);
  });
  afterAll(() => server.close());

  const agent = (protocol: Protocol, settings: Partial<AgentSettings> = {}) =>
    anAgent({ runtime: protocol, model: "test-model", baseUrl: server.baseUrl, apiKey: KEY, ...settings });
  const request: Provider["request"] = (protocol, { settings, ...asking } = {}) =>
    aRequest(agent(protocol, settings), asking);
  return {
    get server() {
      return server;
    },
    agent,
    request,
    runtime: (protocol) => runtimes.runtimeFor(agent(protocol)),
    async ask(protocol, { signal, ...asking } = {}) {
      const made = request(protocol, asking);
      return ask(await runtimes.runtimeFor(made.agent), made, signal ? { signal } : {});
    },
    last() {
      const newest = server.requests.at(-1);
      if (!newest) throw new Error("the server got no request");
      return newest;
    },
  };
}
