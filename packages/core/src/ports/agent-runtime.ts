/** What runs an agent: a model behind an API, an external agent, or the echo. */
import type {
  AttachmentKind,
  AttachmentRules,
  Control,
  Json,
  MediaStream,
  OutboundAttachment,
  SessionId,
  SessionKey,
  TenantId,
  TurnId,
} from "@switchboard/domain";
import type { TSchema } from "@switchboard/domain/schema";
import type { AgentSettings, AgentTurn } from "@switchboard/protocol";
import type { TranscriptEntry, Usage } from "./store/index.ts";

export interface AgentInput {
  /** Markdown; what the person wrote, with what was quoted in front. */
  readonly text: string;
  readonly sender?: string;
  readonly at: number;
  readonly attachments: readonly AgentAttachment[];
}

export interface AgentAttachment {
  readonly kind: AttachmentKind;
  readonly mimeType?: string;
  readonly fileName?: string;
  /** Bytes, when known. */
  readonly size?: number;
  /**
   * Fetches it from the platform or the media store, as what its content says it is. A picture is made to fit `picture`;
   * rejects with MSG_003 or MSG_008 when it cannot be.
   */
  read(signal: AbortSignal, picture?: AttachmentRules): Promise<MediaStream>;
}

/** A tool the gateway offers to the model. */
export interface AgentTool {
  readonly name: string;
  readonly description: string;
  readonly parameters: TSchema;
  /** What it throws is told to the model as the tool's error. */
  run(input: unknown, signal: AbortSignal): Promise<Json>;
}

/** Where a turn belongs, and what can be shown there. */
export interface AgentPlace {
  readonly conversation: NonNullable<AgentTurn["conversation"]>;
  /** Absent when the answer goes into the transcript only. */
  readonly capabilities?: NonNullable<AgentTurn["capabilities"]>;
}

export interface AgentRequest {
  readonly tenant: TenantId;
  readonly turn: TurnId;
  readonly session: SessionKey;
  readonly sessionId: SessionId;
  readonly agent: AgentSettings;
  /**
   * Session preferences and per-turn overrides, the latter winning: `model`, `thinking`, `verbosity`, …;
   * `extraSystemPrompt` follows the agent's instructions.
   */
  readonly parameters: Readonly<Record<string, string>>;
  /** So many characters the answer should keep to, where it goes to a platform on which length costs. */
  readonly answerCharacters?: number;
  readonly inputs: readonly AgentInput[];
  /** A hash of who wrote, for an agent that is to say whose its calls are. */
  readonly endUser?: string;
  /** Where it is asked; absent when nobody can tell any more. */
  readonly place?: AgentPlace;
  readonly tools: readonly AgentTool[];
  /**
   * The session's newest entries, oldest first, without this turn's inputs and without notices. Ask only when needed: it
   * is a query.
   */
  history(limit: number): Promise<readonly TranscriptEntry[]>;
  /** What the agent returned as its state last time. */
  readonly state?: string;
  /** The agent may answer later, until this time; absent: it has to answer now. */
  readonly answerBy?: number;
  /** It said that it answers later, and this is the answer, JSON text; without a text its time is over. */
  readonly late?: { readonly answer?: string };
}

export type AgentEvent =
  | { readonly type: "text"; readonly delta: string }
  | { readonly type: "thinking"; readonly delta: string }
  | { readonly type: "tool-call"; readonly id: string; readonly name: string; readonly input: Json }
  | {
      readonly type: "tool-result";
      readonly id: string;
      readonly name: string;
      readonly output: Json;
      readonly failed: boolean;
    }
  | { readonly type: "controls"; readonly controls: readonly (readonly Control[])[] }
  | { readonly type: "attachment"; readonly attachment: OutboundAttachment }
  /** What the run has used so far, so that it is known also when the run fails. */
  | { readonly type: "usage"; readonly usage: Usage }
  /** Always the last event of a run that ended well. `length`: the model's limit cut the answer. */
  | {
      readonly type: "finish";
      readonly reason: "stop" | "length" | "filtered";
      /** The agent has nothing to say, and means it. */
      readonly silent?: true;
      readonly usage?: Usage;
      readonly state?: string;
    }

  /** Instead of `finish`: the answer comes until `answerBy`. `token`: the hash of what proves that it is this turn's. */
  | { readonly type: "later"; readonly token: string };

export interface AgentRuntime {
  /**
   * Runs the agent once. Throws a SwitchboardError with an AGENT_* code; stops soon after `signal` aborts, then
   * throwing AGENT_005. Must not retry: turns do.
   */
  run(request: AgentRequest, signal: AbortSignal): AsyncIterable<AgentEvent>;
}

/** Agents that connected by themselves to this process. */
export interface ConnectedAgents {
  /** Those that take more turns right now; default of all tenants. */
  withRoom(tenant?: TenantId): readonly { readonly tenant: TenantId; readonly agent: string; readonly room: number }[];
  /** Says that agents of a tenant take more turns than before. Returns how to stop listening. */
  onRoom(listener: (tenant: TenantId) => void): () => void;
}

/** Finds the runtime an agent's settings ask for, loading its library on first use. */
export interface AgentRuntimes {
  /** Absent: there are none. */
  readonly connected?: ConnectedAgents;
  /**
   * Whether this process can run a turn of the agent now; absent: it always can. A turn that it cannot run waits, as does
   * one whose run throws AGENT_009.
   */
  canRun?(tenant: TenantId, agent: AgentSettings): boolean;
  /** @throws AGENT_006 when the settings are incomplete. */
  runtimeFor(agent: AgentSettings): Promise<AgentRuntime>;
}
