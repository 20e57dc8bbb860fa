/** Every method that needs the engine. */
import type { Send } from "../faces/broadcasts.ts";
import { MethodRegistry } from "../ws/index.ts";
import { agentMethods } from "./agent.ts";
import { agentListMethods } from "./agents.ts";
import { alertMethods } from "./alerts.ts";
import { auditLogMethods } from "./audit-log.ts";
import { canvasMethods } from "./canvas.ts";
import { catalogueMethods } from "./catalogue.ts";
import { channelMethods } from "./channels.ts";
import { chatMethods } from "./chat.ts";
import { configMethods } from "./config.ts";
import type { MethodDeps } from "./deps.ts";
import { deviceMethods } from "./devices.ts";
import { forGatewayOperator } from "./gateway-operator.ts";
import { limitMethods } from "./limits.ts";
import { logMethods } from "./logs.ts";
import { messageActionMethods } from "./message-actions.ts";
import { messageMethods } from "./messages.ts";
import { nodeSideMethods } from "./node-side.ts";
import { nodeSpeech } from "./node-speech.ts";
import { nodeMethods } from "./nodes.ts";
import { pairingMethods } from "./pairing.ts";
import { sendMethods } from "./send.ts";
import { sessionRunMethods } from "./session-runs.ts";
import { sessionUsageMethods } from "./session-usage.ts";
import { sessionWorkMethods } from "./session-work.ts";
import { sessionMethods } from "./sessions.ts";
import { setupCodeMethods } from "./setup-codes.ts";
import { statusMethods } from "./status.ts";
import { systemMethods } from "./system.ts";
import { tenantMethods } from "./tenants.ts";
import { upkeepMethods } from "./upkeep.ts";
import { usageMethods } from "./usage.ts";
import { vaultMethods } from "./vault.ts";
import { webLoginMethods } from "./web-login.ts";

export function gatewayMethods(deps: MethodDeps, send: Send): MethodRegistry {
  return new MethodRegistry(
    statusMethods(deps),
    channelMethods(deps),
    webLoginMethods(deps),
    deviceMethods(deps),
    pairingMethods(deps),
    setupCodeMethods(deps),
    nodeMethods(deps),
    nodeSideMethods(deps, nodeSpeech(deps)),
    canvasMethods(deps),
    sessionMethods(deps),
    sessionWorkMethods(deps, send),
    sessionRunMethods(deps, send),
    sessionUsageMethods(deps),
    chatMethods(deps, send),
    agentMethods(deps),
    agentListMethods(deps),
    sendMethods(deps),
    messageActionMethods(deps),
    messageMethods(deps),
    auditLogMethods(deps),
    upkeepMethods(deps),
    forGatewayOperator(alertMethods(deps)),
    usageMethods(deps),
    tenantMethods(deps),
    vaultMethods(deps),
    limitMethods(deps),
    forGatewayOperator(configMethods(deps)),
    systemMethods(deps),
    catalogueMethods(deps),
    forGatewayOperator(logMethods(deps)),
  );
}
