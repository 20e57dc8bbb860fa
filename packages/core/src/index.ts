export * from "./access/anonymise.ts";
export { approvalsTarget } from "./access/approvals.ts";
export { MOST_PENDING, PAIRING_TTL_MS, senderLabel } from "./access/pairing.ts";
export type { Approval, WhichRequest } from "./access/pairings.ts";
export { Accounts } from "./accounts/accounts.ts";
export type { AccountInput } from "./accounts/accounts-ports.ts";
export type { Installs } from "./accounts/installs.ts";
export {
  type BeginLogin,
  LOGIN_STATE,
  Logins,
  loginKind,
  loginOwn,
} from "./accounts/logins/logins.ts";
export { hasEnded, type LoginRow } from "./accounts/logins/row.ts";
export { accountMemory, sealedMemory } from "./accounts/memory.ts";
export type { ChannelRegistry } from "./accounts/registry.ts";
export { AccountRuntime } from "./accounts/runtime.ts";
export type { AccountStatus } from "./accounts/status.ts";
export { takeCall, takeEvents } from "./accounts/webhook-calls.ts";
export { type AuditBreak, type AuditProblem, CHAIN_START, ChainCheck, isGone } from "./audit/chain-check.ts";
export { sealAudit } from "./audit/seals.ts";
export { type AuditVerdict, beginOf, verifyAudit } from "./audit/verify.ts";
export { COMMAND_HINTS, COMMANDS, PUBLIC_COMMANDS } from "./commands/commands.ts";
export type { Approver } from "./devices/approver.ts";
export { approvalNotice, chatNotice, type Notice, noticeKey } from "./devices/chat-notice.ts";
export { type IssuedSetupCode, noSetupDesk, type SetupDesk } from "./devices/desk.ts";
export { Devices } from "./devices/devices.ts";
export type { DeviceEvent } from "./devices/events.ts";
export { NoticePace } from "./devices/notice-pace.ts";
export type * from "./devices/records.ts";
export type { Asking } from "./devices/requests.ts";
export { type MintedCode, SETUP_CODE_MS } from "./devices/setup-codes.ts";
export { grantOf } from "./devices/standing.ts";
export type { IssuedToken } from "./devices/tokens.ts";
export { Engine, type EngineOptions } from "./engine.ts";
export type { EngineEvent, RunRef, Step } from "./events.ts";
export type { ClassifyText } from "./inbox/decision.ts";
export { shorten } from "./inbox/describe.ts";
export { firstOfMonth } from "./limits/tenant-limits.ts";
export { TokenBuckets } from "./limits/token-buckets.ts";
export { readNodeJson } from "./nodes/answer.ts";
export type { NodeEvent } from "./nodes/events.ts";
export type { NodeBound, NodeLinks, NodeSession } from "./nodes/links.ts";
export { Nodes, type NodesPorts } from "./nodes/nodes.ts";
export { declaredSurface } from "./nodes/surface.ts";
export type { NodeView, SurfaceRequest } from "./nodes/views.ts";
export type { WorkItem } from "./nodes/waiting.ts";
export { OneAtATime } from "./one-at-a-time.ts";
export { type Composition, composeDeliveries } from "./outbox/compose.ts";
export * from "./ports/index.ts";
export type { Routing } from "./routing/route.ts";
export { agentOfSession, channelOfSession, kindOfSession, sessionKey } from "./routing/session-key.ts";
export { PARAMETERS, type Parameter, parameterValue } from "./sessions/parameters.ts";
export { type Trace, type TraceStep, traceOf } from "./trace/trace.ts";
export { VaultKeeper } from "./vault/keeper.ts";
export { KeyRing } from "./vault/key-ring.ts";
export * from "./vault/master-key.ts";
export { createVault } from "./vault/vault.ts";
