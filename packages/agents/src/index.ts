export { agentsFromEnvironment, modelsOfNobody } from "./agents-from-environment.ts";
export { type ClassifierOptions, createClassifier } from "./classifier.ts";
export { type AgentRuntimesOptions, createAgentRuntimes } from "./runtimes.ts";
export type { AgentLink, AgentLinks } from "./socket/links.ts";
export type { AgentLine } from "./socket/run.ts";
export { keyOf, signatureHeaders } from "./webhook/signature.ts";
export type { Post } from "./webhook/webhook-runtime.ts";
