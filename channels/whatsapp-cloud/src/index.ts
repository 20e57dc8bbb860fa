/** WhatsApp: business numbers over Meta's Cloud API, by webhook. */
import { type Channel, defineChannel, type RateLimits, type RetryPolicy } from "@switchboard/domain";
import { actions } from "./actions.ts";
import { ATTACHMENTS } from "./attachments.ts";
import { configSpec, type WhatsAppConfig } from "./config.ts";
import { ROWS, VALUE_BYTES } from "./controls.ts";
import { MESSAGE_LENGTH } from "./format.ts";
import { CHANNEL_ID } from "./ids.ts";
import { normalise } from "./inbound.ts";
import { markDuplicate, render } from "./outbound.ts";
import { parseTarget } from "./target.ts";
import { unbundle } from "./updates.ts";
import { webhook } from "./webhook.ts";

const retry: RetryPolicy = { strategy: "exponential", maxAttempts: 4, initialDelayMs: 1000, maxDelayMs: 120_000 };

/**
 * Meta takes 80 messages a second from a number, and one every six seconds to one person with a burst of 45:
 * https://developers.facebook.com/docs/whatsapp/cloud-api/overview#throughput
 */
const rateLimits: RateLimits = {
  account: { perSecond: 20, burst: 20 },
  direct: { perSecond: 1, burst: 10 },
};

const whatsapp: Channel<typeof WhatsAppConfig> = defineChannel({
  id: CHANNEL_ID,
  label: "WhatsApp",
  transports: ["webhook"],
  capabilities: {
    text: { maxLength: MESSAGE_LENGTH, unit: "utf16" },
    attachments: ATTACHMENTS,
    controls: { buttons: ROWS, selects: true, valueBytes: VALUE_BYTES },
    threads: false,
    replies: true,
    edits: false,
    deletes: false,
    reactions: { in: true, out: true },
    typingMs: 25_000,
    receipts: { delivered: true, read: true },
    reconciles: true,
  },
  retry,
  rateLimits,
  config: configSpec,
  webhook,
  actions,
  unbundle: (update, { self }) => unbundle(update, self?.id),
  normalise,
  render,
  markDuplicate,
  parseTarget,
  async open(context) {
    const { WhatsAppConnection } = await import("./connection.ts");
    return new WhatsAppConnection(context);
  },
});

export default whatsapp;
