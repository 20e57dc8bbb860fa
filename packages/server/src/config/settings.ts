/** Everything a gateway is told: file, environment and defaults, in that order of strength from weak to strong. */

import { agentsFromEnvironment } from "@switchboard/agents";
import type { Routing } from "@switchboard/core";
import { completed, SwitchboardError } from "@switchboard/domain";
import { allowList } from "@switchboard/media/egress";
import { type AgentSettings, Config } from "@switchboard/protocol";
import { checkPublicUrl } from "../http/public-url.ts";
import { checkAlerts } from "./alert-targets.ts";
import { completeConfig, configPath, readConfigFile } from "./config-file.ts";
import { getAt, setAt } from "./config-path.ts";
import { checkProviders } from "./identity-providers.ts";
import { resolveSecrets } from "./secrets.ts";

export interface Settings {
  readonly config: Config;
  readonly configPath: string;
  readonly routing: Routing;
}

/** Environment variables that set one setting each (OPS-1). */
const VARIABLES: readonly { name: string; path: string; read: (text: string, name: string) => unknown }[] = [
  { name: "GATEWAY_PORT", path: "gateway.port", read: integer },
  { name: "GATEWAY_HOST", path: "gateway.host", read: (text) => text },
  { name: "GATEWAY_TOKEN", path: "gateway.auth.token", read: (text) => text },
  { name: "GATEWAY_PASSWORD", path: "gateway.auth.password", read: (text) => text },
  { name: "GATEWAY_PUBLIC_URL", path: "gateway.publicUrl", read: publicUrl },
  { name: "GATEWAY_TLS", path: "gateway.tls.enabled", read: yesOrNo },
  { name: "IDENTITY_ENABLED", path: "identity.enabled", read: yesOrNo },
  { name: "LOG_LEVEL", path: "log.level", read: (text) => text },
];

/** @throws CFG_001. */
export function readSettings(stateDirectory: string, env: NodeJS.ProcessEnv): Settings {
  const path = configPath(stateDirectory, env);
  return settingsOf(readConfigFile(path), path, env);
}

/**
 * How a gateway knows its operator. Whoever talks to one that runs needs nothing else of its file: not the variables
 * that it names elsewhere, and no setting that is right. @throws CFG_001.
 */
export function readGatewayAuth(stateDirectory: string, env: NodeJS.ProcessEnv): Config["gateway"]["auth"] {
  const path = configPath(stateDirectory, env);
  const auth = getAt(readConfigFile(path), "gateway.auth");
  const content = auth === undefined ? {} : setAt({}, "gateway.auth", auth);
  return settingsOf(content, path, env).config.gateway.auth;
}

/** What a file of that content would mean; `path` is for messages. @throws CFG_001. */
export function settingsOf(content: Record<string, unknown>, path: string, env: NodeJS.ProcessEnv): Settings {
  let raw = content;
  for (const { name, path: setting, read } of VARIABLES) {
    const text = env[name];
    if (text === undefined || text === "") continue;
    const value = read(text, name);
    // By itself first, so that a wrong variable is not blamed on the file.
    completed(Config, setAt({}, setting, value), `environment variable ${name}`);
    raw = setAt(raw, setting, value);
  }
  const config = completeConfig(resolveSecrets(raw, env), path);
  allowList(config.egress.allow);
  checkProviders(config.identity.providers);
  checkAlerts(config.alerts);
  return { config, configPath: path, routing: routingOf(config, env) };
}

/** Agents of the file come first; those of the environment follow; without any, the echo agent answers. */
function routingOf(config: Config, env: NodeJS.ProcessEnv): Routing {
  // Secrets are resolved by now, which the schema's type cannot say.
  const named = config.agents as AgentSettings[];
  const fromEnvironment = (resolveSecrets(agentsFromEnvironment(env), env) as AgentSettings[]).filter(
    ({ id }) => !named.some((agent) => agent.id === id),
  );
  const agents = [...named, ...fromEnvironment];
  const duplicate = agents.find(({ id }, index) => agents.findIndex((other) => other.id === id) !== index);
  if (duplicate) throw new SwitchboardError("CFG_001", `Two agents have the id ${duplicate.id}.`);
  for (const { agent } of config.bindings) {
    if (!agents.some(({ id }) => id === agent)) {
      throw new SwitchboardError("CFG_001", `A binding names the agent ${agent}, which is not configured.`);
    }
  }
  const [first = echoAgent(), ...rest] = agents;
  return { agents: [first, ...rest], bindings: config.bindings };
}

function echoAgent(): AgentSettings {
  return {
    id: "main",
    name: "Echo",
    runtime: "echo",
    contextTokens: 32_000,
    timeoutMs: 120_000,
    idleTimeoutMs: 45_000,
    answerLaterMs: 0,
    waitMs: 0,
    tools: false,
  };
}

function publicUrl(text: string, name: string): string {
  checkPublicUrl(text, name);
  return text;
}

function yesOrNo(text: string, name: string): boolean {
  if (text === "true" || text === "1") return true;
  if (text === "false" || text === "0") return false;
  throw new SwitchboardError("CFG_001", `${name} must be true or false, not "${text}".`);
}

function integer(text: string, name: string): number {
  const value = Number(text);
  if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new SwitchboardError("CFG_001", `${name} must be a whole number, not "${text}".`);
  return value;
}
