export type * from "./api.ts";
export type { GatewayHandle, GatewayState } from "./gateway-handle.ts";
export { type Sandbox, type SandboxOptions, type SimulatedPlatform, startSandbox } from "./sandbox.ts";
