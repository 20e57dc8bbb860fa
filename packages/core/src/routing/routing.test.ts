import type {
  AccountId,
  ChannelId,
  ConversationId,
  ConversationKind,
  InboundEvent,
  MessageId,
  TenantId,
  ThreadId,
} from "@switchboard/domain";
import { completed } from "@switchboard/domain";
import { AgentConfig, type AgentSettings } from "@switchboard/protocol";
import { describe, expect, it } from "vitest";
import { type Routing, routeEvent } from "./route.ts";
import { agentOfSession, sessionKey } from "./session-key.ts";

const TENANT = "default" as TenantId;
const agent = (id: string) => completed(AgentConfig, { id }, "agent") as AgentSettings;

function event(kind: ConversationKind, thread?: string): InboundEvent {
  return {
    kind: "message",
    platform: "any" as ChannelId,
    account: "default" as AccountId,
    conversation: { id: "42" as ConversationId, kind, ...(thread !== undefined && { threadKind: "topic" as const }) },
    ...(thread !== undefined && { thread: thread as ThreadId }),
    messageId: "7" as MessageId,
    content: { type: "text", text: "hi" },
    at: 0,
    raw: {},
  };
}

describe("routing", () => {
  const routing: Routing = {
    agents: [agent("main"), agent("support")],
    bindings: [
      { agent: "support", channel: "any", kind: "group" },
      { agent: "main", channel: "other" },
    ],
  };

  it("AGT-2 builds one session key per agent, account, conversation and thread", () => {
    expect(routeEvent(event("direct"), routing, TENANT).session).toBe("agent:main:any:default:direct:42");
    expect(routeEvent(event("group", "9"), routing, TENANT).session).toBe("agent:support:any:default:group:42:topic:9");
    const parts = { agent: "main", channel: "any" as ChannelId, account: "default" as AccountId };
    const conversation = { id: "c" as ConversationId, kind: "channel" as const };
    expect(sessionKey({ ...parts, conversation, thread: "t" as ThreadId })).toBe(
      "agent:main:any:default:channel:c:thread:t",
    );
  });

  it("takes the first binding whose every field matches, else the default agent", () => {
    expect(routeEvent(event("group"), routing, TENANT).agent.id).toBe("support");
    expect(routeEvent(event("direct"), routing, TENANT).agent.id).toBe("main");
  });

  it("TEN-6 a binding may name the tenant, whatever its accounts are called", () => {
    const ofTenants = { ...routing, bindings: [{ agent: "support", tenant: "acme" }] };
    expect(routeEvent(event("direct"), ofTenants, "acme" as TenantId).agent.id).toBe("support");
    expect(routeEvent(event("direct"), ofTenants, "globex" as TenantId).agent.id).toBe("main");
  });

  it("AGT-2 answers in the thread the question came from, and quotes it in groups", () => {
    expect(routeEvent(event("group", "9"), routing, TENANT).reply.target).toMatchObject({ thread: "9", replyTo: "7" });
    expect(routeEvent(event("direct"), routing, TENANT).reply.target).not.toHaveProperty("replyTo");
  });

  it("reads the agent back from a session key", () => {
    expect(agentOfSession("agent:main:any:default:direct:42")).toBe("main");
    for (const key of ["", "main", "agent:", "agent:main", "user:x:y"]) expect(agentOfSession(key)).toBeUndefined();
  });
});
