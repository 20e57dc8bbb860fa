/** SMS and MMS over Twilio's Programmable Messaging. */
import { type Channel, defineChannel, type RateLimits, type RetryPolicy } from "@switchboard/domain";
import { MEDIA_RULES } from "./attachments.ts";
import { configSpec, type SmsConfig } from "./config.ts";
import { CHANNEL_ID } from "./ids.ts";
import { normalise } from "./inbound.ts";
import { MESSAGE_LENGTH, markDuplicate, render } from "./outbound.ts";
import { parseTarget } from "./target.ts";
import { unbundle } from "./updates.ts";
import { webhook } from "./webhook.ts";

const retry: RetryPolicy = { strategy: "exponential", maxAttempts: 3, initialDelayMs: 1000, maxDelayMs: 60_000 };

/**
 * One message a second is what carriers take from a long code: https://www.twilio.com/docs/messaging/guides/scaling.
 * Twilio queues beyond it; who has a faster sender raises the account's `rateLimit`.
 */
const rateLimits: RateLimits = { account: { perSecond: 1, burst: 10 } };

const sms: Channel<typeof SmsConfig> = defineChannel({
  id: CHANNEL_ID,
  label: "SMS",
  transports: ["webhook", "polling"],
  capabilities: {
    text: { maxLength: MESSAGE_LENGTH, unit: "utf16" },
    attachments: MEDIA_RULES,
    controls: { buttons: 0, selects: false, valueBytes: 0 },
    threads: false,
    replies: false,
    edits: false,
    deletes: false,
    reactions: { in: false, out: false },
    receipts: { delivered: true, read: false },
    reconciles: true,
  },
  retry,
  rateLimits,
  config: configSpec,
  webhook,
  unbundle: (update) => [unbundle(update)],
  normalise,
  render,
  markDuplicate,
  parseTarget,
  async open(context) {
    const { SmsConnection } = await import("./connection.ts");
    return new SmsConnection(context);
  },
});

export default sms;
