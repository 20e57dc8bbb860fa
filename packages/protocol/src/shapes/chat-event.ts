/** What happens to a run, as chat clients follow it (`chat`) and as agents' watchers do (`agent`). */
import { type Static, Type } from "@switchboard/domain/schema";
import { Closed, Count, Text, Time } from "../schema.ts";
import { ChatMessage } from "./message.ts";

const common = {
  runId: Text,
  sessionKey: Text,
  agentId: Type.Optional(Text),
  /** Counts within the run; not the frame's `seq`. */
  seq: Count,
};

/** What the model counted. */
export const RunUsage = Type.Object({
  model: Type.Optional(Type.String()),
  inputTokens: Type.Optional(Count),
  outputTokens: Type.Optional(Count),
});

/** Told apart by `state`. */
export const ChatEvent = Type.Union([
  /** Nothing to read yet. */
  Closed({
    ...common,
    state: Type.Literal("status"),
    phase: Type.Enum(["preparing_context", "starting_model"]),
  }),
  /** More text. With `replace` what was shown is wrong: `deltaText` is all of it. */
  Closed({
    ...common,
    state: Type.Literal("delta"),
    deltaText: Type.String(),
    replace: Type.Optional(Type.Boolean()),
    /** The answer so far. */
    message: Type.Optional(ChatMessage),
    usage: Type.Optional(RunUsage),
  }),
  Closed({
    ...common,
    state: Type.Literal("final"),
    message: Type.Optional(ChatMessage),
    usage: Type.Optional(RunUsage),
    stopReason: Type.Optional(Type.String()),
  }),
  Closed({
    ...common,
    state: Type.Literal("aborted"),
    message: Type.Optional(ChatMessage),
    stopReason: Type.Optional(Type.String()),
    errorMessage: Type.Optional(Type.String()),
  }),
  Closed({
    ...common,
    state: Type.Literal("error"),
    errorMessage: Type.Optional(Type.String()),
    errorKind: Type.Optional(Type.Enum(["refusal", "timeout", "rate_limit", "context_length", "unknown"])),
    message: Type.Optional(ChatMessage),
    stopReason: Type.Optional(Type.String()),
  }),
]);
export type ChatEvent = Static<typeof ChatEvent>;

/**
 * `stream` says what `data` is: `lifecycle` (phase start, end, error), `assistant` (text, delta), `thinking`, `tool`
 * (phase start, result; name, toolCallId), `error`.
 */
export const AgentEvent = Closed({
  runId: Text,
  seq: Count,
  stream: Text,
  ts: Time,
  data: Type.Record(Type.String(), Type.Unknown()),
  sessionKey: Type.Optional(Text),
  agentId: Type.Optional(Text),
});
export type AgentEvent = Static<typeof AgentEvent>;
