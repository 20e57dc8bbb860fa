/** Talking to an agent in a session. Answers stream as `chat` events. */
import { Type } from "@switchboard/domain/schema";
import { Closed, Count, Id, IdempotencyKey, Open, Text, Time } from "../schema.ts";
import { ChatMessage } from "../shapes/message.ts";
import { SessionKey, SessionRow } from "../shapes/session.ts";
import { BASE, method, sessionRead, sessionWrite } from "./method.ts";

/** A file with a message: its bytes here as base64 in `content`, or put before with `media.put` as `blob`. */
export const ChatAttachment = Open({
  type: Type.Optional(Type.String({ maxLength: 64 })),
  mimeType: Type.Optional(Type.String({ maxLength: 256 })),
  fileName: Type.Optional(Type.String({ maxLength: 512 })),
  content: Type.Optional(Type.String()),
  blob: Type.Optional(Id),
  sizeBytes: Type.Optional(Type.Number({ minimum: 0 })),
  durationMs: Type.Optional(Type.Number({ minimum: 0 })),
  width: Type.Optional(Type.Number({ minimum: 0 })),
  height: Type.Optional(Type.Number({ minimum: 0 })),
});

export const QueueMode = Type.Enum(["steer", "followup", "collect", "interrupt"]);

/** Why an input or an answer is not in the transcript yet. */
const PendingInput = Closed({
  id: Text,
  runId: Type.Optional(Text),
  message: Type.Unknown(),
  acceptedAt: Time,
  state: Type.Enum(["queued", "cancelled", "interrupted"]),
});

export const chatMethods = {
  /**
   * One user turn. `runId` is the `idempotencyKey`. The same key with the same text is the same turn, also after a
   * restart; with another text it is an error.
   */
  "chat.send": method({
    params: Open({
      sessionKey: SessionKey,
      message: Type.String(),
      idempotencyKey: IdempotencyKey,
      agentId: Type.Optional(Id),
      sessionId: Type.Optional(Id),
      thinking: Type.Optional(Type.String({ maxLength: 64 })),
      queueMode: Type.Optional(QueueMode),
      /** Also send the answer to the session's own conversation. */
      deliver: Type.Optional(Type.Boolean()),
      replyToId: Type.Optional(Id),
      attachments: Type.Optional(Type.Array(ChatAttachment, { maxItems: 32 })),
      timeoutMs: Type.Optional(Count),
      suppressCommandInterpretation: Type.Optional(Type.Boolean()),
    }),
    result: Closed({
      runId: Text,
      /** `ok`: it has ended. `timeout` with `summary: "aborted"`: it was stopped. */
      status: Type.Enum(["started", "in_flight", "ok", "timeout"]),
      messageSeq: Type.Optional(Count),
      interruptedActiveRun: Type.Optional(Type.Boolean()),
      summary: Type.Optional(Type.String()),
      stopReason: Type.Optional(Type.String()),
      endedAt: Type.Optional(Time),
    }),
    ...sessionWrite,
    idempotent: { meanwhile: "in-flight", binds: ["sessionKey", "message", "agentId"] },
  }),

  /** The newest messages, oldest first. A session that does not exist yet is empty. */
  "chat.history": method({
    params: Open({
      sessionKey: SessionKey,
      agentId: Type.Optional(Id),
      sessionId: Type.Optional(Id),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
      maxChars: Type.Optional(Type.Integer({ minimum: 1, maximum: 500_000 })),
      offset: Type.Optional(Count),
      /** Only messages with a smaller `__openclaw.seq`. */
      before: Type.Optional(Count),
    }),
    result: Closed({
      sessionKey: Text,
      sessionId: Type.String(),
      messages: Type.Array(ChatMessage),
      pendingInputs: Closed({ items: Type.Array(PendingInput, { maxItems: 20 }), total: Count }),
      offset: Type.Optional(Count),
      nextOffset: Type.Optional(Count),
      hasMore: Type.Optional(Type.Boolean()),
      totalMessages: Type.Optional(Count),
      sessionInfo: Type.Optional(SessionRow),
      thinkingLevel: Type.Optional(Type.String()),
      /** The answer that is being written: show it, then follow its `chat` events. */
      inFlightRun: Type.Optional(Closed({ runId: Text, text: Type.String() })),
    }),
    ...sessionRead,
  }),

  /** Stops one run, or all of the session's. What was said so far stays. */
  "chat.abort": method({
    params: Open({ sessionKey: SessionKey, agentId: Type.Optional(Id), runId: Type.Optional(Id) }),
    result: Closed({ ok: Type.Literal(true), aborted: Type.Boolean(), runIds: Type.Array(Text) }),
    ...sessionWrite,
  }),

  /** Adds an assistant message without running anything. */
  "chat.inject": method({
    params: Open({
      sessionKey: SessionKey,
      agentId: Type.Optional(Id),
      message: Text,
      label: Type.Optional(Type.String({ maxLength: 100 })),
    }),
    result: Closed({ ok: Type.Literal(true), messageId: Text }),
    scope: "operator.admin",
    role: "operator",
    since: BASE,
    hidden: true,
  }),
};
