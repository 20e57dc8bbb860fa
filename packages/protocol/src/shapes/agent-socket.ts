/** The frames of the agents' WebSocket (TEN-6): JSON texts, told apart by `type`. A run is one try of a turn. */
import { type Static, type TSchema, Type } from "@switchboard/domain/schema";
import { Id, IdempotencyKey, Open, Text } from "../schema.ts";
import { AgentAnswer, type AgentTurn } from "./agent-turn.ts";

const Delta = Type.String({ maxLength: 1_000_000 });

/** What an agent may say, by `type`. Fields that are not known are ignored. */
export const AGENT_FRAMES = {
  /** The first one, and again whenever it wants more turns at a time or fewer: 0 is none, e.g. before it ends. */
  ready: Open({
    agent: Text,
    turns: Type.Optional(Type.Integer({ minimum: 0, maximum: 100, description: "At a time; default 1." })),
  }),
  /** A piece of the answer. */
  text: Open({ run: Id, delta: Delta }),
  /** A piece of what it thinks; an empty one says that it still works. */
  thinking: Open({ run: Id, delta: Delta }),
  /** A tool of the agent's own begins or ends. `id`: the same at both. */
  tool: Open({
    run: Id,
    phase: Type.Enum(["start", "result"]),
    id: Id,
    name: Type.String({ minLength: 1, maxLength: 200 }),
    value: Type.Optional(Type.Unknown({ description: "What it is given, or what it brought." })),
    failed: Type.Optional(Type.Boolean()),
  }),
  /** The end of a run; after pieces of text the rest of the answer. */
  done: Open({ run: Id, answer: AgentAnswer }),
  /** The answer comes later, by `answer` or as `data.reply` says. */
  later: Open({ run: Id }),
  /** The agent failed. */
  error: Open({ run: Id, retryable: Type.Optional(Type.Boolean({ description: "Default false." })) }),
  /** An answer that was announced by `later`. `token`: `data.reply.token`. */
  answer: Open({ id: Id, token: Text, answer: AgentAnswer }),
  /** A message into a conversation; `conversation` is a session's key. Takes the scope `messages:write`. */
  send: Open({
    id: Id,
    conversation: Id,
    text: Type.String({ minLength: 1, maxLength: 100_000, description: "Markdown." }),
    idempotencyKey: IdempotencyKey,
  }),
} as const satisfies Record<string, TSchema>;

type FrameType = keyof typeof AGENT_FRAMES;
export type AgentFrame<T extends FrameType = FrameType> = {
  [Type in T]: Static<(typeof AGENT_FRAMES)[Type]> & { readonly type: Type };
}[T];

interface AgentError {
  readonly code: string;
  readonly message: string;
  /** What to do next. */
  readonly action: string;
  readonly retryAfterMs?: number;
}

/** What the gateway says to an agent. `event`: the CloudEvent that webhook agents are sent. */
export type FrameToAgent =
  | { readonly type: "ready"; readonly tenant: string; readonly agent: string; readonly turns: number }
  | {
      readonly type: "turn";
      readonly run: string;
      readonly event: Readonly<Record<string, unknown>> & { readonly data: AgentTurn };
    }
  /** The run is over, and nothing is heard of it any more. */
  | { readonly type: "cancel"; readonly run: string; readonly reason: "stopped" | "timeout" | "refused" }
  /** The outcome of `answer` or `send`. */
  | {
      readonly type: "result";
      readonly id: string;
      readonly ok: true;
      readonly value: Readonly<Record<string, unknown>>;
    }
  | { readonly type: "result"; readonly id: string; readonly ok: false; readonly error: AgentError }
  /** A frame that was not taken. */
  | { readonly type: "problem"; readonly run?: string; readonly error: AgentError };
