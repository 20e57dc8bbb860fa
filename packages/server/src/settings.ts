/** What commands need of the gateway without loading the gateway. */
export { knownGatewaySecret } from "./auth/gateway-secret.ts";
export { type DiscoveredChannel, discoverChannels } from "./channels/discovery.ts";
export { completeConfig, configPath, readConfigFile, writeConfigFile } from "./config/config-file.ts";
export { getAt, setAt } from "./config/config-path.ts";
export { noSetting } from "./config/no-setting.ts";
export { redactSecrets } from "./config/redact.ts";
export { readGatewayAuth, readSettings, type Settings } from "./config/settings.ts";
export { logFilePath } from "./log-file.ts";
export { tailLog } from "./log-tail.ts";
export { databaseUrl } from "./state/database-url.ts";
export { type RunningGatewayNote, readRunningGateway } from "./state/running-gateway.ts";
export { ensureStateDirectory, stateDirectoryPath } from "./state/state-directory.ts";
export { VERSION } from "./version.ts";
