/** For the tests of simulators: a pane in a browser, a webhook's other end, a proxy that notes calls, pictures. */
export { type OnStage, onStage, PATIENT, type Stage } from "./chromium.ts";
export { type KeptProcess, keptProcess } from "./kept-process.ts";
export { png } from "./pictures.ts";
export { type RecordingProxy, recordingProxy, type SeenCall } from "./recording-proxy.ts";
export { type Reply, type TakenDelivery, type WebhookTarget, webhookTarget } from "./webhook-target.ts";
