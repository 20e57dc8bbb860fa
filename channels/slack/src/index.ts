/** Slack: bots over Socket Mode or the Events API. */
import { type Channel, defineChannel, type RateLimits, type RetryPolicy } from "@switchboard/domain";
import { configSpec, type SlackConfig } from "./config.ts";
import { CHANNEL_ID } from "./ids.ts";
import { normalise } from "./inbound.ts";
import { app, install } from "./install.ts";
import { BUTTONS, FILE_BYTES, OPTION_VALUE } from "./limits.ts";
import { manifest } from "./manifest.ts";
import { markDuplicate, render } from "./outbound.ts";
import { parseTarget } from "./target.ts";
import { unbundle } from "./updates.ts";
import { webhook } from "./webhook.ts";

const retry: RetryPolicy = { strategy: "exponential", maxAttempts: 3, initialDelayMs: 1000, maxDelayMs: 60_000 };

/** CH-2: ten calls a second. Slack takes about one message a second in a channel, with short bursts. */
const rateLimits: RateLimits = {
  account: { perSecond: 10, burst: 10 },
  direct: { perSecond: 1, burst: 5 },
  group: { perSecond: 1, burst: 5 },
};

const file = { maxBytes: FILE_BYTES };

const slack: Channel<typeof SlackConfig> = defineChannel({
  id: CHANNEL_ID,
  label: "Slack",
  transports: ["websocket", "webhook"],
  capabilities: {
    // Lists and tables take a little more room as text than the limit counts.
    text: { maxLength: 12_000, unit: "utf16" },
    attachments: { image: file, video: file, audio: file, voice: file, document: file },
    controls: { buttons: BUTTONS, selects: true, valueBytes: OPTION_VALUE },
    threads: true,
    replies: false,
    edits: true,
    deletes: true,
    reactions: { in: true, out: true },
    typingMs: 60_000,
    streamMs: { direct: 1000, group: 1000 },
    receipts: { delivered: false, read: false },
    reconciles: true,
  },
  retry,
  rateLimits,
  config: configSpec,
  webhook,
  app,
  install,
  manifest,
  unbundle: (update, { config }) => [unbundle(update, config)],
  normalise,
  render,
  markDuplicate,
  parseTarget,
  async open(context) {
    const { SlackConnection } = await import("./connection.ts");
    return new SlackConnection(context);
  },
});

export default slack;
