/** What the engine tells whoever listens while it works: faces stream it, metrics and the sandbox show it. */
import type {
  AccountRef,
  DeliveryId,
  ErrorRecord,
  InboxId,
  Json,
  SessionKey,
  TenantId,
  TurnId,
} from "@switchboard/domain";
import type { AccountStatus } from "./accounts/status.ts";
import type { Listeners } from "./listeners.ts";
import type { NewTranscriptEntry, TurnState, Usage } from "./ports/index.ts";

/** What every event about a run carries. */
export interface RunRef {
  readonly tenant: TenantId;
  readonly turn: TurnId;
  /** The caller's id of the run; the turn's id when there was none. */
  readonly run: string;
  readonly session: SessionKey;
  readonly agent: string;
}

export type EngineEvent =
  | ({ readonly type: "run.started"; readonly at: number } & RunRef)
  | ({ readonly type: "run.text"; readonly delta: string; readonly text: string } & RunRef)
  | ({ readonly type: "run.thinking"; readonly delta: string; readonly text: string } & RunRef)
  | ({
      readonly type: "run.tool";
      readonly phase: "start" | "result";
      readonly id: string;
      readonly name: string;
      readonly value: Json;
      readonly failed?: boolean;
    } & RunRef)
  | ({
      readonly type: "run.ended";
      readonly state: TurnState | "retrying";
      readonly text: string;
      readonly error?: ErrorRecord;
      readonly usage?: Usage;
      readonly startedAt: number;
      readonly endedAt: number;
    } & RunRef)
  /** Something between a person and the gateway was added to a session's transcript. */
  | {
      readonly type: "notice";
      readonly tenant: TenantId;
      /** The key of the inbox event that caused it. */
      readonly key: string;
      readonly session: SessionKey;
      readonly entry: NewTranscriptEntry;
    }
  | { readonly type: "account"; readonly status: AccountStatus }
  | Step;

/** One step of a message, as it happens. The stored trace says the same later. */
export interface Step {
  readonly type: "step";
  readonly tenant: TenantId;
  readonly at: number;
  readonly step: string;
  readonly event?: InboxId;
  /** The platform's own id of the inbox event. */
  readonly key?: string;
  readonly turn?: TurnId;
  readonly delivery?: DeliveryId;
  readonly session?: SessionKey;
  readonly account?: AccountRef;
  readonly detail?: Json;
}

export type EngineEvents = Listeners<EngineEvent>;
