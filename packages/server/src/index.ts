export { type Restored, restoreSqliteBackup as restoreBackup } from "@switchboard/store/sqlite";
export { type GatewayOptions, type RunningGateway, startGateway } from "./gateway.ts";
export { type LocalGateway, openLocalGateway } from "./local-gateway.ts";
export { createLog, type ProcessLog } from "./log.ts";
export type { RestartRequest } from "./methods/deps.ts";
export { qrLines } from "./qr/qr.ts";
export { moveInstall } from "./state/move-install.ts";
