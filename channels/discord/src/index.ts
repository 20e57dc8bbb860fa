/** Discord: bots over the gateway socket, with slash commands, buttons and selects. */
import { type Channel, defineChannel, type RateLimits, type RetryPolicy } from "@switchboard/domain";
import { BUTTONS, VALUE_BYTES } from "./components.ts";
import { configSpec, type DiscordConfig } from "./config.ts";
import { CHANNEL_ID } from "./ids.ts";
import { normalise } from "./inbound.ts";
import { markDuplicate, render, UPLOAD_BYTES } from "./outbound.ts";
import { MESSAGE_LENGTH } from "./split.ts";
import { parseTarget } from "./target.ts";
import { unbundle } from "./updates.ts";
import { webhook } from "./webhook.ts";

/**
 * Discord tells how long to wait when it has had enough, so the pauses in between can be short. More of them than usual:
 * what is repeated carries its nonce and comes once, and half a minute of a broken line need not make a dead letter.
 */
const retry: RetryPolicy = { strategy: "exponential", maxAttempts: 5, initialDelayMs: 1000, maxDelayMs: 60_000 };

/** Well below Discord's fifty calls a second in all; in a channel it takes about five messages in five seconds. */
const rateLimits: RateLimits = {
  account: { perSecond: 5, burst: 10 },
  direct: { perSecond: 1, burst: 5 },
  group: { perSecond: 1, burst: 5 },
};

const file = { maxBytes: UPLOAD_BYTES };

const discord: Channel<typeof DiscordConfig> = defineChannel({
  id: CHANNEL_ID,
  label: "Discord",
  transports: ["websocket"],
  capabilities: {
    text: { maxLength: MESSAGE_LENGTH, unit: "utf16" },
    attachments: { image: file, video: file, audio: file, voice: file, document: file, sticker: file },
    controls: { buttons: BUTTONS, selects: true, valueBytes: VALUE_BYTES },
    threads: true,
    replies: true,
    edits: true,
    deletes: true,
    reactions: { in: true, out: true },
    typingMs: 10_000,
    streamMs: { direct: 1500, group: 1500 },
    receipts: { delivered: false, read: false },
    reconciles: true,
  },
  retry,
  rateLimits,
  config: configSpec,
  webhook,
  unbundle,
  normalise,
  render,
  markDuplicate,
  parseTarget,
  async open(context) {
    const { DiscordConnection } = await import("./connection.ts");
    return new DiscordConnection(context);
  },
});

export default discord;
