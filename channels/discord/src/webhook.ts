/**
 * Interactions over HTTP, for applications whose Interactions Endpoint URL is set: signed calls, one interaction each.
 * https://discord.com/developers/docs/interactions/overview#setting-up-an-endpoint
 */
import { createPublicKey, verify } from "node:crypto";
import { isRecent } from "@switchboard/channel-kit/webhook";
import { parseJsonBody, SwitchboardError, type Webhook, type WebhookRequest } from "@switchboard/domain";
import type { DiscordConfig } from "./config.ts";
import { INTERACTION } from "./interaction-events.ts";
import type { Update } from "./updates.ts";

/** What stands before the 32 bytes of a raw Ed25519 key in its usual form: RFC 8410, section 4. */
const KEY_HEAD = Buffer.from("302a300506032b6570032100", "hex");

export const webhook: Webhook<DiscordConfig> = {
  brings: "interactions",
  verify({ body, headers }, { config }) {
    const { "x-signature-ed25519": signature = "", "x-signature-timestamp": timestamp = "" } = headers;
    if (!isSigned(config.publicKey, signature, timestamp, body)) {
      throw new SwitchboardError("SEC_002", "The call is not signed by Discord for this application.");
    }
    if (!isRecent(timestamp)) {
      throw new SwitchboardError(
        "SEC_002",
        "The call was signed more than five minutes ago or ahead; check the clock.",
      );
    }
  },
  parse(request): Update[] {
    const interaction = parseJsonBody(request.body);
    return interaction.type === INTERACTION.ping ? [] : [{ t: "INTERACTION_CREATE", d: interaction }];
  },
  /** Every other answer is a call of our own, as for interactions that the gateway brings; 202 says so. */
  reply(request: WebhookRequest) {
    const { type } = parseJsonBody(request.body);
    if (type === INTERACTION.ping) return { type: "application/json", body: JSON.stringify({ type: 1 }) };
    return { status: 202, type: "text/plain", body: "" };
  },
};

/** Whether the signature is the key's, over the timestamp with the body behind it. */
export function isSigned(publicKey: string, signature: string, timestamp: string, body: Uint8Array): boolean {
  return timestamp !== "" && isOf(publicKey, signature, Buffer.concat([Buffer.from(timestamp), body]));
}

/** Ed25519: 64 hexadecimal digits of a key, 128 of a signature. */
export function isOf(publicKey: string, signature: string, message: Uint8Array): boolean {
  if (!/^[0-9a-f]{64}$/.test(publicKey) || !/^[0-9a-f]{128}$/i.test(signature)) return false;
  const der = Buffer.concat([KEY_HEAD, Buffer.from(publicKey, "hex")]);
  const key = createPublicKey({ key: der, format: "der", type: "spki" });
  return verify(null, message, key, Buffer.from(signature, "hex"));
}
