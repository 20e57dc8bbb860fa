/** Every runtime keeps the contract of agents. */
import type { AgentSettings } from "@switchboard/protocol";
import { type AgentBehaviour, type AgentWorld, agentContract } from "@switchboard/testkit/agent";
import { type Behaviour, startModelServer } from "@switchboard/testkit/model-server";
import { createAgentRuntimes } from "./runtimes.ts";
import { anAgent, anInput, aRequest } from "./test-support/ask.ts";
import { json, plainPost, plainReply, SECRET, sse, startWebhookAgent, stream } from "./test-support/webhook-agent.ts";

const asking = (settings: Partial<AgentSettings>) => (text: string, idleTimeoutMs?: number) =>
  aRequest(anAgent({ ...settings, ...(idleTimeoutMs !== undefined && { idleTimeoutMs }) }), {
    inputs: [anInput(text)],
  });

function modelBehaviour(behaviour: AgentBehaviour): Behaviour {
  switch (behaviour.type) {
    case "say":
      return { type: "answer", text: behaviour.text };
    case "stream":
      return { type: "answer", text: behaviour.pieces.join(""), pieceLength: 4 };
    case "stall":
      return { type: "answer", text: `${behaviour.piece} and more`, interruption: { afterPieces: 1, how: "stall" } };
    case "break-off":
      return { type: "answer", text: `${behaviour.piece} and more`, interruption: { afterPieces: 1, how: "cut" } };
    case "nonsense":
      return { type: "answer", text: "half of it", interruption: { afterPieces: 1, how: "truncated-json" } };
    case "fail":
      if (behaviour.as === "busy") return { type: "error", status: 429, headers: { "retry-after": "7" } };
      return { type: "error", status: behaviour.as === "down" ? 503 : 401 };
  }
}

async function modelWorld(protocol: "openai" | "anthropic"): Promise<AgentWorld> {
  const server = await startModelServer();
  const settings = { runtime: protocol, model: "m", baseUrl: server.baseUrl, apiKey: "sk-test-0123456789" } as const;
  const request = asking(settings);
  return {
    runtime: await createAgentRuntimes().runtimeFor(anAgent(settings)),
    request,
    behave: (behaviour) => server.otherwise(modelBehaviour(behaviour)),
    told: () => server.requests.map(({ lastUserText }) => lastUserText),
    close: () => server.close(),
  };
}

async function webhookWorld(): Promise<AgentWorld> {
  const agent = await startWebhookAgent();
  const settings = { runtime: "webhook", url: agent.url, signingSecret: SECRET } as const;
  const runtimes = createAgentRuntimes({ post: plainPost, replyTo: plainReply, storeBlob: async () => "none" });
  return {
    runtime: await runtimes.runtimeFor(anAgent(settings)),
    request: asking(settings),
    told: () => agent.asked.map(({ event }) => event.data.messages.map(({ text }) => text).join("\n")),
    close: () => agent.close(),
    behave(behaviour) {
      agent.respond((response) => {
        switch (behaviour.type) {
          case "say":
            return json(response, { text: behaviour.text });
          case "stream":
            stream(response);
            for (const delta of behaviour.pieces) response.write(sse("text", { delta }));
            return response.end(sse("done", {}));
          case "stall":
            return stream(response).write(sse("text", { delta: behaviour.piece }));
          case "break-off":
            return stream(response).write(sse("text", { delta: behaviour.piece }), () => response.destroy());
          case "nonsense":
            return response.writeHead(200, { "content-type": "application/json" }).end("hello {");
          case "fail":
            if (behaviour.as === "busy") return response.writeHead(429, { "retry-after": "7" }).end();
            return response.writeHead(behaviour.as === "down" ? 503 : 400).end();
        }
      });
    },
  };
}

async function echoWorld(): Promise<AgentWorld> {
  const told: string[] = [];
  let said = "";
  const settings = { runtime: "echo" } as const;
  const echo = await createAgentRuntimes({ demoDelayMs: 5_000 }).runtimeFor(anAgent(settings));
  return {
    runtime: {
      run(request, signal) {
        told.push(...request.inputs.map(({ text }) => text));
        return echo.run(request, signal);
      },
    },
    // The echo agent does as the person says: `demo stream` is its answer in pieces.
    request: (text) => aRequest(anAgent(settings), { inputs: [anInput(said || text)], state: '"session_1"' }),
    behave: (behaviour) => {
      said = behaviour.type === "stall" ? "demo stream" : "";
    },
    told: () => told,
    close: async () => {},
  };
}

agentContract("openai", { open: () => modelWorld("openai") });
agentContract("anthropic", { open: () => modelWorld("anthropic") });
agentContract("webhook", { open: webhookWorld });
agentContract("echo", {
  open: echoWorld,
  skip: [
    { reason: "it says what it is told", tests: ["AGT-4 passes on", "AGT-1 nonsense"] },
    {
      reason: "there is no other side that could fail",
      tests: ["AGT-1 gives up", "AGT-1 calls an answer", "AGT-1 an agent that"],
    },
  ],
});
