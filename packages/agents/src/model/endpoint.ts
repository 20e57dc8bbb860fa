/** Reads an agent's settings as an address to call, and refuses what could never work. */
import { SwitchboardError } from "@switchboard/domain";
import type { AgentSettings } from "@switchboard/protocol";
import { checkAttribution } from "./attribution.ts";

export type ModelProtocol = "openai" | "anthropic";

export interface Endpoint {
  readonly protocol: ModelProtocol;
  /** Without a slash at the end. */
  readonly baseUrl: string;
  /** Scheme, host and port: all that errors may say of the address. */
  readonly origin: string;
  readonly apiKey: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** What must never be shown: the key and the values of the agent's own headers. */
  readonly secrets: readonly string[];
}

const DEFAULTS: Readonly<Record<ModelProtocol, { baseUrl: string; variable: string }>> = {
  openai: { baseUrl: "https://api.openai.com/v1", variable: "OPENAI" },
  anthropic: { baseUrl: "https://api.anthropic.com/v1", variable: "ANTHROPIC" },
};

/** Headers that carry a key themselves, so that none is needed besides. */
const KEY_HEADERS = ["authorization", "x-api-key", "api-key"];

/** @throws AGENT_006 when the settings are incomplete or make no sense. */
export function endpointOf(agent: AgentSettings, protocol: ModelProtocol): Endpoint {
  const wrong = (problem: string) => new SwitchboardError("AGENT_006", `Agent "${agent.id}": ${problem}`);
  const { baseUrl: defaultUrl, variable } = DEFAULTS[protocol];
  const url = addressOf(agent.baseUrl ?? defaultUrl);
  if (url === undefined)
    throw wrong("the base URL has to be an http or https address without user name, query or fragment.");
  const apiKey = agent.apiKey?.trim() || undefined;
  if (apiKey !== undefined && !isHeaderValue(apiKey)) throw wrong("the API key holds characters that no key has.");
  const headers = agent.headers ?? {};
  for (const [name, value] of Object.entries(headers)) {
    if (!isHeaderName(name) || !isHeaderValue(value)) throw wrong(`the header "${name}" cannot be sent.`);
  }
  checkAttribution(agent);
  const keyInHeaders = Object.keys(headers).some((name) => KEY_HEADERS.includes(name.toLowerCase()));
  // A server of one's own may need no key; the providers do.
  if (apiKey === undefined && !keyInHeaders && (agent.baseUrl === undefined || protocol === "anthropic")) {
    throw wrong(`there is no API key. Set ${variable}_API_KEY, or apiKey in the configuration file.`);
  }
  if (!agent.model) throw wrong(`no model is named. Set ${variable}_MODEL, or model in the configuration file.`);
  if (agent.maxOutputTokens !== undefined && agent.maxOutputTokens >= agent.contextTokens) {
    throw wrong("maxOutputTokens has to be smaller than contextTokens.");
  }
  // This protocol's own clients are given the address without its version.
  if (protocol === "anthropic" && url.pathname === "/") url.pathname = "/v1";
  return {
    protocol,
    baseUrl: url.href.replace(/\/+$/, ""),
    origin: url.origin,
    apiKey,
    headers,
    secrets: [...(apiKey === undefined ? [] : [apiKey]), ...Object.values(headers)],
  };
}

function addressOf(text: string): URL | undefined {
  const url = URL.parse(text);
  if (!url || (url.protocol !== "http:" && url.protocol !== "https:")) return undefined;
  return url.username || url.password || url.search || url.hash ? undefined : url;
}

function isHeaderValue(text: string): boolean {
  // What HTTP allows and every client takes: visible ASCII, spaces and tabs inside.
  return /^[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?$/.test(text);
}

function isHeaderName(text: string): boolean {
  return /^[!#$%&'*+.^_`|~\w-]+$/.test(text);
}
