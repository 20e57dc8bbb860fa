/** Reads a webhook agent's settings as an address to call, and refuses what could never work. */
import { createHash } from "node:crypto";
import { SwitchboardError } from "@switchboard/domain";
import type { AgentSettings } from "@switchboard/protocol";
import { keyOf } from "./signature.ts";

export interface WebhookEndpoint {
  readonly url: string;
  /** All that errors may say of the address. */
  readonly origin: string;
  readonly keys: readonly Buffer[];
  readonly headers: Readonly<Record<string, string>>;
  /** Another address or secret is another endpoint. Tells nothing of either. */
  readonly identity: string;
}

/** Ours; nobody else sets them. */
const OWN_HEADERS = /^(webhook-|content-|host$|connection$|transfer-encoding$)/i;

/** @throws AGENT_006 when the settings are incomplete or make no sense. */
export function webhookEndpoint(agent: AgentSettings): WebhookEndpoint {
  const wrong = (problem: string, action: string) =>
    new SwitchboardError("AGENT_006", `Agent "${agent.id}": ${problem}`, { action });
  const url = URL.parse(agent.url ?? "");
  if (!url || (url.protocol !== "http:" && url.protocol !== "https:") || url.username || url.password || url.hash) {
    throw wrong(
      "there is no address to call.",
      "Set url to an http or https address without user name, password and fragment.",
    );
  }
  const secrets = typeof agent.signingSecret === "string" ? [agent.signingSecret] : (agent.signingSecret ?? []);
  const keys = secrets.map(keyOf);
  if (keys.length === 0 || keys.includes(undefined)) {
    throw wrong(
      keys.length === 0 ? "there is no signing secret." : "a signing secret cannot be read.",
      'Set signingSecret to "whsec_" and 24 to 64 random bytes in base64.',
    );
  }
  const headers = agent.headers ?? {};
  for (const [name, value] of Object.entries(headers)) {
    if (
      OWN_HEADERS.test(name) ||
      !/^[\w-]+$/.test(name) ||
      !/^[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?$/.test(value)
    ) {
      throw wrong(`the header "${name}" cannot be sent.`, "Leave it out.");
    }
  }
  const identity = createHash("sha256")
    .update(JSON.stringify([url.href, secrets, headers]))
    .digest("base64url");
  return { url: url.href, origin: url.origin, keys: keys as Buffer[], headers, identity };
}
