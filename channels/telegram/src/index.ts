/** Telegram: bots over the Bot API, by webhook or long polling. */
import { type Channel, defineChannel, type RateLimits, type RetryPolicy } from "@switchboard/domain";
import { PHOTO_SIDE, PHOTO_TYPES, UPLOAD_BYTES } from "./attachments.ts";
import { configSpec, type TelegramConfig } from "./config.ts";
import { CHANNEL_ID } from "./ids.ts";
import { normalise } from "./inbound.ts";
import { BUTTONS, CALLBACK_BYTES } from "./keyboard.ts";
import { markDuplicate, render } from "./outbound.ts";
import { MESSAGE_LENGTH } from "./split.ts";
import { parseTarget } from "./target.ts";
import { unbundle } from "./updates.ts";
import { webhook } from "./webhook.ts";

/** Telegram tells how long to wait when it has had enough, so the pauses in between can be short. */
const retry: RetryPolicy = { strategy: "exponential", maxAttempts: 3, initialDelayMs: 1000, maxDelayMs: 60_000 };

/** Telegram's advice: 30 messages a second in all, about one in a chat, twenty a minute in a group. */
const rateLimits: RateLimits = {
  account: { perSecond: 30, burst: 30 },
  direct: { perSecond: 1, burst: 5 },
  group: { perSecond: 0.25, burst: 5 },
};

const telegram: Channel<typeof TelegramConfig> = defineChannel({
  id: CHANNEL_ID,
  label: "Telegram",
  transports: ["webhook", "polling"],
  capabilities: {
    text: { maxLength: MESSAGE_LENGTH, unit: "utf16" },
    attachments: {
      image: { maxBytes: UPLOAD_BYTES.image, types: PHOTO_TYPES, maxSide: PHOTO_SIDE },
      video: { maxBytes: UPLOAD_BYTES.video },
      audio: { maxBytes: UPLOAD_BYTES.audio },
      voice: { maxBytes: UPLOAD_BYTES.voice },
      document: { maxBytes: UPLOAD_BYTES.document },
      sticker: { maxBytes: UPLOAD_BYTES.sticker },
    },
    controls: { buttons: BUTTONS, selects: false, valueBytes: CALLBACK_BYTES },
    threads: true,
    replies: true,
    edits: true,
    deletes: true,
    reactions: { in: true, out: false },
    typingMs: 5000,
    streamMs: { direct: 1000, group: 3000 },
    receipts: { delivered: false, read: false },
    reconciles: false,
  },
  retry,
  rateLimits,
  config: configSpec,
  webhook,
  unbundle: (update, { self }) => [unbundle(update, self?.id)],
  normalise,
  render,
  markDuplicate,
  parseTarget,
  async open(context) {
    const { TelegramConnection } = await import("./connection.ts");
    return new TelegramConnection(context);
  },
});

export default telegram;
