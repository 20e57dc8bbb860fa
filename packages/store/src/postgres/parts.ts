/** The Store port on one connection, within whatever transaction is open on it. */
import type {
  AccountStore,
  AnswerStore,
  AuditStore,
  DeadLetterStore,
  DeviceStore,
  OutboxStore,
  PairingStore,
  RateStore,
  SessionStore,
  StoreStats,
  TraceStore,
  TurnStore,
  UsageStore,
  VaultStore,
} from "@switchboard/core/ports";
import { type AcrossTenants, accountStore } from "./account-store.ts";
import { answerStore } from "./answer-store.ts";
import { Attempts } from "./attempts.ts";
import { AuditLog, auditStore } from "./audit-store.ts";
import { blobsInUse } from "./blobs-in-use.ts";
import type { Context } from "./context.ts";
import { deadLetterStore } from "./dead-letter-store.ts";
import { DeadLetters } from "./dead-letters.ts";
import { Deliveries } from "./deliveries.ts";
import { DeliveryWork } from "./delivery-work.ts";
import { deviceStore } from "./device-store.ts";
import { Drafts } from "./drafts.ts";
import type { EffectParts } from "./effects.ts";
import { Expiry } from "./expiry.ts";
import { InboxIntake } from "./inbox-intake.ts";
import { type InboxWork, inboxStore } from "./inbox-store.ts";
import { KnownMessages } from "./known-messages.ts";
import type { LaneTable } from "./lane-table.ts";
import { Lanes } from "./lanes.ts";
import { Leases } from "./leases.ts";
import { outboxStore } from "./outbox-store.ts";
import { PairingRequests, pairingStore } from "./pairing-store.ts";
import { SessionPruner } from "./prune-sessions.ts";
import { rateStore } from "./rate-store.ts";
import { Redirect } from "./redirect.ts";
import { SentMessages } from "./sent-messages.ts";
import { sessionStore } from "./session-store.ts";
import { Sessions } from "./sessions.ts";
import type { Statements } from "./sql.ts";
import { figures } from "./stats.ts";
import { TraceLog, traceStore } from "./trace-store.ts";
import { Transcript } from "./transcript.ts";
import { TurnQueue } from "./turn-queue.ts";
import { turnStore } from "./turn-store.ts";
import { TurnWork } from "./turn-work.ts";
import { UsageLog } from "./usage-log.ts";
import { usageStore } from "./usage-store.ts";
import { vaultStore } from "./vault-store.ts";

/** The port for one tenant at a time; what goes over all of them, see `EngineView`. */
export interface Parts {
  readonly inbox: InboxWork;
  readonly turns: TurnStore;
  readonly outbox: OutboxStore;
  readonly sessions: SessionStore;
  readonly accounts: Omit<AccountStore, AcrossTenants>;
  readonly deadLetters: DeadLetterStore;
  readonly devices: Omit<DeviceStore, "all">;
  readonly pairing: Omit<PairingStore, "prune">;
  readonly audit: Omit<AuditStore, "unsealed">;
  readonly traces: TraceStore;
  readonly vault: Omit<VaultStore, "all">;
  readonly usage: UsageStore;
  readonly rates: Omit<RateStore, "prune">;
  readonly answers: Omit<AnswerStore, "prune">;
  readonly leases: Leases;
  readonly expiry: Expiry;
  readonly forgotten: SessionPruner;
  readonly blobsInUse: (tenant: string, before: number) => Promise<string[]>;
  readonly stats: (now: number, tenant?: string) => Promise<StoreStats>;
}

export function parts(statements: Statements, table: LaneTable): Parts {
  const context: Context = { statements, lanes: () => new Lanes(table) };
  const deadLetters = new DeadLetters(context);
  const attempts = new Attempts(context);
  const usage = new UsageLog(context);
  const deliveries = new Deliveries(context, deadLetters, usage);
  const sent = new SentMessages(context, deliveries, attempts, usage);
  const sessions = new Sessions(context);
  const audit = new AuditLog(context);
  const traces = new TraceLog(context);
  const turnWork = new TurnWork(context, sessions, deadLetters);
  const effects: EffectParts = {
    audit,
    deliveries,
    deliveryWork: new DeliveryWork(context, deliveries, attempts, sent),
    pairing: new PairingRequests(context),
    redirect: new Redirect(context),
    sent,
    sessions,
    transcript: new Transcript(context),
    turnQueue: new TurnQueue(context, sessions, turnWork, usage),
    turnWork,
    usage,
  };
  const drafts = new Drafts(context, deliveries, attempts, sent);
  const intake = new InboxIntake(context, deadLetters);
  const { deliveryWork, transcript } = effects;
  const leases = new Leases(context, { table, turnWork, deliveryWork, drafts, traces });
  const expiry = new Expiry(context, deliveries);
  return {
    inbox: inboxStore(context, intake, deadLetters, effects),
    turns: turnStore(context, effects, drafts),
    outbox: outboxStore(context, effects, attempts, drafts, traces),
    sessions: sessionStore(context, sessions, transcript, new KnownMessages(context, sent), deadLetters),
    accounts: accountStore(context),
    deadLetters: deadLetterStore(context, deadLetters, intake, attempts),
    devices: deviceStore(context),
    pairing: pairingStore(context, effects),
    audit: auditStore(context, audit),
    traces: traceStore(context, traces),
    vault: vaultStore(context),
    usage: usageStore(context, audit),
    rates: rateStore(context),
    answers: answerStore(context),
    leases,
    expiry,
    forgotten: new SessionPruner(context),
    blobsInUse: blobsInUse(context),
    stats: figures(statements),
  };
}
