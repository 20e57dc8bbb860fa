/** What the simulated platforms share. A platform adds its world, its addresses and its looks. */
export type { Pane, PaneChange, PaneFile, PaneUpload, PaneWorld } from "./pane/pane-world.ts";
export { typedName, typedNames } from "./pane/read-action.ts";
export { readBody } from "./server/body.ts";
export { checkHost, checkPage } from "./server/guard.ts";
export { type Serve, type ServerOptions, type SimulatorServer, startServer, type Upgrade } from "./server/server.ts";
export type {
  PaneAccount,
  PaneAction,
  PaneButton,
  PaneCard,
  PaneChat,
  PaneControl,
  PaneEvent,
  PaneField,
  PaneForm,
  PaneLook,
  PaneMedia,
  PaneMenuItem,
  PaneMessage,
  PaneOption,
  PanePerson,
  PaneResult,
  PaneSelect,
  PaneState,
  PaneThread,
} from "./shared/protocol.ts";
export type { RichElement, RichKind, RichNode } from "./shared/rich.ts";
export { type RunningSimulator, runSimulator, type SimulatorParts } from "./simulator.ts";
export { Bucket, type Limit } from "./traffic/bucket.ts";
export {
  type CallKind,
  Faults,
  type FaultyCall,
  type Outcome,
  retryAfterSeconds,
  underFault,
} from "./traffic/faults.ts";
export { type Delivery, DeliveryQueue } from "./traffic/queue.ts";
export {
  type Attempt,
  type LastError,
  Webhook,
  type WebhookAnswer,
  type WebhookOptions,
  type WebhookRequest,
} from "./traffic/webhook.ts";
export { Accounts, type AccountsOptions } from "./world/accounts.ts";
export { Bytes } from "./world/bytes.ts";
export { Changes } from "./world/changes.ts";
export { Counter, Counters } from "./world/counter.ts";
export { History, type HistoryOptions } from "./world/history.ts";
export { forgetful, type Journal, JournalFile } from "./world/journal.ts";
export { Pending } from "./world/pending.ts";
export { People, type PeopleOptions } from "./world/people.ts";
export { type Shown, Typing } from "./world/typing.ts";
export { type Sent, type WaitOptions, waitForMessage } from "./world/waiting.ts";
