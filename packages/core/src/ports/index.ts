export type * from "./agent-runtime.ts";
export type * from "./classifier.ts";
export * from "./clock.ts";
export * from "./log.ts";
export type * from "./media.ts";
export * from "./store/index.ts";
export * from "./telemetry.ts";
export type * from "./vault.ts";
export * from "./wake-ups.ts";
