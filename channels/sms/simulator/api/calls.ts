/** Calls to the account's webhooks, with the parameters and the signature that Twilio gives them. */
import { createHmac, randomUUID } from "node:crypto";
import type { Delivery, WebhookRequest } from "@switchboard/simulator-kit";
import { isOutbound, type StoredMessage } from "../world/message.ts";
import type { World } from "../world/world.ts";

type Params = readonly (readonly [name: string, value: string])[];

const VERSION = "2010-04-01";

/** The message came in: whoever is set up to hear is called. `url`: the simulator's own. */
export function pushInbound(world: World, message: StoredMessage, url: string): void {
  const { inboundUrl, smsUrl, useNumberWebhook } = world.state;
  const address = useNumberWebhook ? smsUrl : inboundUrl;
  if (address === "") return;
  const { accountSid, number, serviceSid } = world;
  const { body, media, phone, segments, sid } = message;
  const params: Params = [
    ["ToCountry", "US"],
    ["ToState", ""],
    ["SmsMessageSid", sid],
    ["NumMedia", String(media.length)],
    ["ToCity", ""],
    ["FromZip", ""],
    ["SmsSid", sid],
    ["FromState", ""],
    ["SmsStatus", "received"],
    ["FromCity", ""],
    ["Body", body],
    ["FromCountry", "US"],
    ["To", number],
    ["ToZip", ""],
    ...(useNumberWebhook ? [] : [["MessagingServiceSid", serviceSid] as const]),
    ["NumSegments", String(segments)],
    ["MessageSid", sid],
    ["AccountSid", accountSid],
    ["From", phone],
    ["ApiVersion", VERSION],
    ...media.flatMap(({ contentType, sid: mediaSid }, index) => [
      [`MediaContentType${index}`, contentType] as const,
      [`MediaUrl${index}`, `${url}/${VERSION}/Accounts/${accountSid}/Messages/${sid}/Media/${mediaSid}`] as const,
    ]),
  ];
  world.queue.push(phone, () => form(params), address);
}

/** The message came further, or will not. */
export function pushStatus(world: World, message: StoredMessage): void {
  const { errorCode, phone, sid, status, statusCallback, viaService } = message;
  if (statusCallback === undefined || !isOutbound(message)) return;
  const params: Params = [
    ...(errorCode === undefined ? [] : [["ErrorCode", String(errorCode)] as const]),
    ...(viaService ? [["MessagingServiceSid", world.serviceSid] as const] : []),
    ["ApiVersion", VERSION],
    ["MessageStatus", status],
    ["SmsSid", sid],
    ["SmsStatus", status],
    ["To", phone],
    ["From", world.number],
    ["MessageSid", sid],
    ["AccountSid", world.accountSid],
  ];
  world.queue.push(sid, () => form(params), statusCallback);
}

/** Where a call goes; what stands behind `#` says how, and is not sent. */
export function callRequest({ body, to = "" }: Delivery, authToken: string, accountSid: string): WebhookRequest {
  const url = to.split("#")[0] ?? "";
  return {
    url,
    headers: {
      "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
      "user-agent": "TwilioProxy/1.1",
      "i-twilio-idempotency-token": randomUUID(),
      "x-home-region": "us1",
      "x-twilio-signature": signed(url, body, authToken, accountSid),
    },
  };
}

function signed(url: string, body: string, authToken: string, accountSid: string): string {
  const params = [...new URLSearchParams(body)].sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
  if (!params.some(([name, value]) => name === "AccountSid" && value === accountSid))
    throw new Error("not this account's");
  return createHmac("sha1", authToken)
    .update(url + params.map(([name, value]) => name + value).join(""), "utf8")
    .digest("base64");
}

function form(params: Params): string {
  return new URLSearchParams(params.map(([name, value]): [string, string] => [name, value])).toString();
}
