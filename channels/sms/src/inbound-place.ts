/** The number or the Messaging Service where messages come in, and the webhook that is set there. */
import type { JsonAnswer, TwilioApi } from "./api.ts";
import { callbackUrl, isSameUrl } from "./webhook-url.ts";

export interface InboundPlace {
  readonly kind: "number" | "service";
  readonly sid: string;
  /** As people know it. */
  readonly name: string;
  /** As Twilio described it. */
  readonly resource: JsonAnswer;
}

/** Whether Twilio calls this address for messages. */
export function callsWebhook({ kind, resource }: InboundPlace, url: string): boolean {
  if (kind === "number") return isSameUrl(resource.sms_url, url) && !resource.sms_application_sid;
  return isSameUrl(resource.inbound_request_url, url) && resource.use_inbound_webhook_on_number !== true;
}

/** What an operator has to do, in the Console's own words. */
export function howToSet({ kind, name }: InboundPlace, url: string): string {
  const where =
    kind === "number"
      ? `Phone Numbers > Manage > Active numbers > ${name} > Messaging, "A message comes in"`
      : `Messaging > Services > ${name} > Integration, "Send a webhook"`;
  return `Set the webhook in the Console (${where}) to ${callbackUrl(url)}, method POST, or set configureWebhook to true.`;
}

/** Makes Twilio call this address for messages. */
export async function setWebhook(api: TwilioApi, place: InboundPlace, url: string, signal: AbortSignal): Promise<void> {
  const address = callbackUrl(url);
  if (place.kind === "number") {
    const form = [
      ["SmsUrl", address] as const,
      ["SmsMethod", "POST"] as const,
      // A TwiML app would be called instead.
      ...(place.resource.sms_application_sid ? [["SmsApplicationSid", ""] as const] : []),
    ];
    await api.post(`/IncomingPhoneNumbers/${place.sid}.json`, form, "other", signal);
    return;
  }
  const form = [
    ["InboundRequestUrl", address] as const,
    ["InboundMethod", "POST"] as const,
    ["UseInboundWebhookOnNumber", "false"] as const,
  ];
  await api.service(place.sid, form, signal);
}

/** A service without any webhook throws messages away before they reach the list. */
export function losesMessages({ kind, resource }: InboundPlace): boolean {
  return kind === "service" && !resource.inbound_request_url && resource.use_inbound_webhook_on_number !== true;
}
