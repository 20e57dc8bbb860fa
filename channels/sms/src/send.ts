/** One part as one message of Twilio's. */
import {
  type AccountContext,
  type MessageId,
  type SendReceipt,
  SwitchboardError,
  type Target,
} from "@switchboard/domain";
import type { Form, TwilioApi } from "./api.ts";
import type { SmsConfig } from "./config.ts";
import type { MediaItem, Payload } from "./payload.ts";
import { callbackUrl } from "./webhook-url.ts";

type Context = Pick<AccountContext<SmsConfig>, "config" | "log" | "publish" | "webhook">;

/** @throws CONN_*, MSG_*, CFG_001, REQ_002 for a file that is gone. */
export async function sendPayload(
  api: TwilioApi,
  context: Context,
  { conversation }: Target,
  payload: Payload,
  signal: AbortSignal,
): Promise<SendReceipt> {
  if (signal.aborted) throw new SwitchboardError("SYS_001", "The call was stopped before it began.");
  const { config, log, webhook } = context;
  const form: Form = [
    ["To", conversation],
    ...(config.from === undefined ? [] : [["From", config.from] as const]),
    ...(config.messagingServiceSid === undefined ? [] : [["MessagingServiceSid", config.messagingServiceSid] as const]),
    ...(payload.body === "" ? [] : [["Body", payload.body] as const]),
    ...(await addressesOf(payload.media ?? [], context)).map((url) => ["MediaUrl", url] as const),
    ...(config.smartEncoding ? [["SmartEncoded", "true"] as const] : []),
    ...(webhook ? [["StatusCallback", callbackUrl(webhook.url)] as const] : []),
  ];
  const { body } = await api.post("/Messages.json", form, "send", signal);
  const { sid, num_segments: segments, status } = body;
  if (typeof sid !== "string") {
    throw new SwitchboardError("MSG_002", "Twilio took the message, but did not say under which SID.", {
      delivered: "unknown",
    });
  }
  log.debug({ sid, segments, status }, "message taken");
  return { messageIds: [sid as MessageId] };
}

/** Twilio fetches files itself, so they need an address that everybody can reach. */
async function addressesOf(media: readonly MediaItem[], { publish }: Context): Promise<string[]> {
  const found: string[] = [];
  for (const item of media) {
    if ("url" in item.source) found.push(item.source.url);
    else if (publish) found.push(await publish(item));
    else {
      throw new SwitchboardError("MSG_008", "Twilio fetches files from the gateway, which has no public address.", {
        action: "Set gateway.publicUrl to an address that Twilio can reach, or send a link.",
      });
    }
  }
  return found;
}
