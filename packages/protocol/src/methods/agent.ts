/** Running an agent and waiting for the end; sending a message without one. */
import { Type } from "@switchboard/domain/schema";
import { Closed, Count, Id, IdempotencyKey, Open, Text, Time } from "../schema.ts";
import { AgentsList } from "../shapes/catalogue.ts";
import { DeliveryPriority } from "../shapes/delivery.ts";
import { ErrorRecord } from "../shapes/error-record.ts";
import { SessionKey } from "../shapes/session.ts";
import { ChatAttachment } from "./chat.ts";
import { BASE, method } from "./method.ts";

/** One message of an answer. */
const Payload = Type.Object({ text: Type.Optional(Type.String()), mediaUrl: Type.Optional(Type.String()) });

/** The chat command that begins a session anew: for programs that is `sessions.reset`, and takes as much. */
const SessionReset = Type.String({ pattern: "^\\s*/([nN][eE][wW]|[rR][eE][sS][eE][tT])(\\s|$)" });

export const agentMethods = {
  /**
   * Answers twice: accepted, then the end. `runId` is the `idempotencyKey`. The session is the one of `sessionKey` or
   * `sessionId`, the one that messages at `channel` and `to` belong to, or else the agent's main session.
   */
  agent: method({
    params: Open({
      message: Text,
      idempotencyKey: IdempotencyKey,
      agentId: Type.Optional(Id),
      sessionKey: Type.Optional(SessionKey),
      /** By itself: the session of this id. With another way to name the session: it must still be of this id. */
      sessionId: Type.Optional(Id),
      /** Nothing is run unless the session is there and still of this id. */
      expectedExistingSessionId: Type.Optional(Id),
      to: Type.Optional(Id),
      /** With a session: where its conversation must be. */
      channel: Type.Optional(Id),
      accountId: Type.Optional(Id),
      threadId: Type.Optional(Id),
      /** Also send the answer to the session's own conversation. */
      deliver: Type.Optional(Type.Boolean()),
      thinking: Type.Optional(Type.String({ maxLength: 64 })),
      model: Type.Optional(Id),
      attachments: Type.Optional(Type.Array(ChatAttachment, { maxItems: 32 })),
      /** Seconds. */
      timeout: Type.Optional(Count),
      /** Follows the agent's own instructions, for this run only. */
      extraSystemPrompt: Type.Optional(Type.String({ maxLength: 65_536 })),
      /** What the session is called from now on; no other session may be called so. */
      label: Type.Optional(Type.String({ minLength: 1, maxLength: 512 })),
    }),
    accepted: Closed({
      runId: Text,
      sessionKey: Text,
      agentId: Text,
      status: Type.Literal("accepted"),
      acceptedAt: Time,
    }),
    result: Closed({
      runId: Text,
      status: Type.Enum(["ok", "timeout", "error"]),
      summary: Type.Enum(["completed", "aborted", "failed"]),
      stopReason: Type.Optional(Type.String()),
      result: Type.Optional(
        Closed({ payloads: Type.Array(Payload), meta: Type.Record(Type.String(), Type.Unknown()) }),
      ),
      error: Type.Optional(ErrorRecord),
    }),
    scope: "operator.write",
    alsoScopes: [{ scope: "operator.admin", when: Type.Object({ message: SessionReset }) }],
    role: "operator",
    since: BASE,
    idempotent: {
      meanwhile: "join",
      binds: ["message", "agentId", "sessionKey", "sessionId", "to", "channel", "accountId", "extraSystemPrompt"],
    },
  }),

  /** The configured agents. */
  "agents.list": method({
    params: Open({}),
    result: AgentsList,
    scope: "operator.read",
    role: "operator",
    since: BASE,
  }),

  /** Who answers: by agent, by session, or else the default agent. */
  "agent.identity.get": method({
    params: Open({ agentId: Type.Optional(Id), sessionKey: Type.Optional(SessionKey) }),
    result: Closed({
      agentId: Text,
      name: Text,
      nameSource: Type.Enum(["config", "default"]),
      avatarStatus: Type.Literal("none"),
    }),
    scope: "operator.read",
    role: "operator",
    since: BASE,
  }),

  /** Waits for a run's end. `timeout`: it had not ended by then; that is no error. */
  "agent.wait": method({
    params: Open({
      runId: Id,
      timeoutMs: Type.Optional(Type.Integer({ minimum: 0, description: "Default 30000." })),
    }),
    result: Closed({
      runId: Text,
      status: Type.Enum(["ok", "error", "timeout", "pending"]),
      startedAt: Type.Optional(Time),
      endedAt: Type.Optional(Time),
      error: Type.Optional(Type.String()),
      stopReason: Type.Optional(Type.String()),
    }),
    scope: "operator.write",
    role: "operator",
    since: BASE,
  }),

  /** A message out, without an agent. Text or media must be there. */
  send: method({
    params: Open({
      to: Id,
      idempotencyKey: IdempotencyKey,
      message: Type.Optional(Type.String()),
      mediaUrl: Type.Optional(Type.String({ maxLength: 4_096 })),
      mediaUrls: Type.Optional(Type.Array(Type.String({ maxLength: 4_096 }), { maxItems: 32 })),
      /** Base64. */
      buffer: Type.Optional(Type.String()),
      filename: Type.Optional(Type.String({ maxLength: 512 })),
      contentType: Type.Optional(Type.String({ maxLength: 256 })),
      asVoice: Type.Optional(Type.Boolean()),
      channel: Type.Optional(Id),
      accountId: Type.Optional(Id),
      agentId: Type.Optional(Id),
      replyToId: Type.Optional(Id),
      threadId: Type.Optional(Id),
      silent: Type.Optional(Type.Boolean()),
      /** Pictures and films as files, as they are. */
      forceDocument: Type.Optional(Type.Boolean()),
      /** Refused: messages are Markdown. */
      parseMode: Type.Optional(Type.String({ maxLength: 64 })),
      sessionKey: Type.Optional(SessionKey),
      /** Not before this; until then the delivery is `scheduled`. */
      sendAt: Type.Optional(Time),
      priority: Type.Optional(DeliveryPriority),
    }),
    result: Closed({
      runId: Text,
      /** The platform's id; a delivery's id when it is scheduled or still on its way. */
      messageId: Text,
      channel: Text,
      chatId: Type.Optional(Text),
      conversationId: Type.Optional(Text),
      deliveryIds: Type.Array(Text),
      state: Type.Enum(["scheduled", "queued", "sent"]),
    }),
    scope: "operator.write",
    role: "operator",
    since: BASE,
    idempotent: {
      meanwhile: "join",
      binds: ["channel", "accountId", "to", "threadId", "message", "mediaUrl", "mediaUrls", "buffer", "sendAt"],
    },
  }),
};
