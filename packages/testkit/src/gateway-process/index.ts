export { buildWorkspace } from "./build.ts";
export { freePort } from "./free-port.ts";
export { type GatewayProcess, type GatewayProcessOptions, startGatewayProcess } from "./gateway-process.ts";
export { fullestChannel, type InstalledChannel, installedChannels } from "./installed-channels.ts";
export { type GatewayForm, gatewayProgram, workspaceDirectory } from "./place.ts";
