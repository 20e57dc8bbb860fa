/** The part of the configuration about agents: what runs them, and how long it may take. */
import { type Static, Type } from "@switchboard/domain/schema";
import { Attribution } from "./attribution.ts";
import { SecretRef } from "./secret-ref.ts";
import { Milliseconds, strict } from "./section.ts";

export const AgentConfig = Type.Object(
  {
    id: Type.String({
      pattern: "^[a-z0-9][a-z0-9-]{0,63}$",
      description: "Part of session keys; do not change it later.",
    }),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })),
    runtime: Type.Enum(["echo", "openai", "anthropic", "webhook", "websocket"], {
      default: "echo",
      description:
        "`openai` is any OpenAI-compatible endpoint. `webhook` and `websocket` are programs of your own, asked at their address or over a connection that they open: docs/guides/connect-your-own-agent.md.",
    }),
    model: Type.Optional(Type.String({ minLength: 1 })),
    models: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        description: "Models a chat user may choose from with /model and /menu.",
      }),
    ),
    baseUrl: Type.Optional(Type.String({ format: "url" })),
    apiKey: Type.Optional(SecretRef),
    url: Type.Optional(
      Type.String({
        format: "url",
        description: "Where a `webhook` agent is asked. Private addresses need egress.allow.",
      }),
    ),
    signingSecret: Type.Optional(
      Type.Union([SecretRef, Type.Array(SecretRef, { minItems: 1, maxItems: 4 })], {
        description:
          "`whsec_` and base64: what a `webhook` agent's requests are signed with. While you change it: new and old.",
      }),
    ),
    answerLaterMs: Milliseconds(
      900_000,
      "So long a `webhook` or `websocket` agent that said it answers later has time; until then its session waits. 0: it answers at once.",
    ),
    waitMs: Milliseconds(
      900_000,
      "So long a turn waits for a `websocket` agent that is not connected, or takes no more turns; then the person is told.",
    ),
    headers: Type.Optional(Type.Record(Type.String(), Type.String())),
    attribution: Type.Optional(Attribution),
    instructions: Type.Optional(Type.String({ description: "The system prompt." })),
    contextTokens: Type.Integer({
      minimum: 512,
      default: 32_000,
      description: "The model's window; history is trimmed to it.",
    }),
    maxOutputTokens: Type.Optional(Type.Integer({ minimum: 1 })),
    temperature: Type.Optional(Type.Number({ minimum: 0, maximum: 2 })),
    timeoutMs: Milliseconds(120_000, "The whole run may take this long."),
    idleTimeoutMs: Milliseconds(45_000, "The model may be silent this long."),
    tools: Type.Boolean({
      default: true,
      description: "Offer the gateway's tools (choices, scheduled messages, files).",
    }),
    maxToolRounds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 50,
        description: "How often the model may use tools before it has to answer; default 8.",
      }),
    ),
    images: Type.Optional(
      Type.Boolean({
        description: "Whether the model is shown pictures; default: yes, unless the provider refuses them.",
      }),
    ),
  },
  strict,
);
export type AgentConfig = Static<typeof AgentConfig>;

/** An agent as the engine sees it: secrets resolved. */
export type AgentSettings = Omit<AgentConfig, "apiKey" | "signingSecret"> & {
  readonly apiKey?: string;
  readonly signingSecret?: string | readonly string[];
};
