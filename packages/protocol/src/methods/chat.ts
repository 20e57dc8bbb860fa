/** Talking to an agent in a session. Answers stream as `chat` events. */
import { type Static, Type } from "@switchboard/domain/schema";
import type { Immutable } from "../immutable.ts";
import { Closed, Count, Id, IdempotencyKey, Open, Text, Time } from "../schema.ts";
import { AgentsList, CommandEntry, ModelChoice } from "../shapes/catalogue.ts";
import { ChatMessage } from "../shapes/message.ts";
import { runState } from "../shapes/run-state.ts";
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

const HistoryParams = {
  sessionKey: SessionKey,
  agentId: Type.Optional(Id),
  sessionId: Type.Optional(Id),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
  maxChars: Type.Optional(Type.Integer({ minimum: 1, maximum: 500_000 })),
  /** Of all messages as JSON; older ones are left out. Default 6 MiB. */
  maxBytes: Type.Optional(Type.Integer({ minimum: 1_024 })),
  offset: Type.Optional(Count),
  /** Only messages with a smaller `__openclaw.seq`. */
  before: Type.Optional(Count),
};

const HistoryResult = {
  sessionKey: Text,
  sessionId: Type.String(),
  messages: Type.Array(ChatMessage),
  pendingInputs: Closed({ items: Type.Array(PendingInput, { maxItems: 20 }), total: Count }),
  offset: Type.Optional(Count),
  nextOffset: Type.Optional(Count),
  hasMore: Type.Optional(Type.Boolean()),
  totalMessages: Type.Optional(Count),
  /** Give it as `cursor` to read only what is said from now on. Only with the newest messages. */
  deltaCursor: Type.Optional(Text),
  /** Everything there is, at its whole length. */
  completeSnapshot: Type.Optional(Type.Boolean()),
  /** What holds for sessions of this agent in which nobody chose otherwise. */
  defaults: Closed({ modelProvider: Text, model: Type.Union([Text, Type.Null()]), contextTokens: Count }),
  sessionInfo: Type.Optional(SessionRow),
  thinkingLevel: Type.Optional(Type.String()),
  /** The answer that is being written: show it, then follow its `chat` events. */
  inFlightRun: Type.Optional(Closed({ runId: Text, text: Type.String() })),
};

const HistoryPage = Closed(HistoryResult);
type HistoryPage = Static<typeof HistoryPage>;

/** What was said since an earlier answer, as it would have been told live. */
const HistoryDelta = Closed({
  kind: Type.Literal("delta"),
  messages: Type.Array(
    Closed({
      sessionKey: Text,
      agentId: Text,
      message: ChatMessage,
      messageId: Text,
      messageSeq: Count,
      runId: Type.Optional(Text),
    }),
  ),
  deltaCursor: Text,
  pendingInputs: HistoryResult.pendingInputs,
  sessionInfo: SessionRow,
  inFlightRun: HistoryResult.inFlightRun,
});

const HistoryReset = Closed({ kind: Type.Literal("reset") });

/** All that `chat.history` may answer. */
export type HistoryAnswer = Immutable<
  (HistoryPage & { kind?: undefined }) | Static<typeof HistoryDelta> | Static<typeof HistoryReset>
>;

/** What a chat needs besides its messages: what can be typed and chosen there. */
const Metadata = { commands: Type.Array(CommandEntry), models: Type.Array(ModelChoice) };

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
      /** The session must still be of this id, if it is there. */
      sessionId: Type.Optional(Id),
      thinking: Type.Optional(Type.String({ maxLength: 64 })),
      queueMode: Type.Optional(QueueMode),
      /** Also send the answer to the session's own conversation. */
      deliver: Type.Optional(Type.Boolean()),
      attachments: Type.Optional(Type.Array(ChatAttachment, { maxItems: 32 })),
      timeoutMs: Type.Optional(Count),
      suppressCommandInterpretation: Type.Optional(Type.Boolean()),
    }),
    result: Closed(runState),
    ...sessionWrite,
    idempotent: { meanwhile: "in-flight", binds: ["sessionKey", "message", "agentId"] },
  }),

  /**
   * The newest messages, oldest first. A session that does not exist yet is empty. With the `deltaCursor` of an earlier
   * answer as `cursor`: only what was said since (`kind: "delta"`), or `kind: "reset"` when that cannot be told, e.g.
   * after the session began anew; then read without it.
   */
  "chat.history": method({
    params: Open({ ...HistoryParams, cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 512 })) }),
    // Callers that give no cursor get a page; those that do know the other two as `HistoryAnswer`.
    result: Type.Unsafe<HistoryPage>(Type.Union([HistoryPage, HistoryDelta, HistoryReset])),
    ...sessionRead,
  }),

  /** `chat.history` with everything else that a page needs to open. */
  "chat.startup": method({
    params: Open(HistoryParams),
    result: Closed({ ...HistoryResult, agentsList: AgentsList, metadata: Closed(Metadata) }),
    ...sessionRead,
  }),

  /** What can be typed and chosen in a chat with this agent. */
  "chat.metadata": method({
    params: Open({ sessionKey: Type.Optional(SessionKey), agentId: Type.Optional(Id) }),
    result: Closed({ ...Metadata, agentId: Text }),
    scope: "operator.read",
    role: "operator",
    since: BASE,
  }),

  /** One message at its whole length. `messageId` is its `__openclaw.id`. */
  "chat.message.get": method({
    params: Open({
      sessionKey: SessionKey,
      agentId: Type.Optional(Id),
      messageId: Id,
      maxChars: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_000_000, description: "Default 500000." })),
    }),
    result: Closed({
      ok: Type.Boolean(),
      message: Type.Optional(ChatMessage),
      unavailableReason: Type.Optional(Type.Enum(["not_found", "oversized"])),
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
