/** The configuration: what it holds, and what the engine is given of it. */
export * from "./accounts.ts";
export * from "./agents.ts";
export * from "./bindings.ts";
export * from "./config.ts";
export * from "./gateway.ts";
export type { IdentityProvider } from "./identity.ts";
export * from "./secret-ref.ts";
export * from "./tenant-limits.ts";
