export * from "./address.ts";
export { BACKOFF, type Backoff } from "./backoff.ts";
export * from "./client.ts";
export * from "./device.ts";
export type * from "./options.ts";
export * from "./setup.ts";
export * from "./token-store.ts";
