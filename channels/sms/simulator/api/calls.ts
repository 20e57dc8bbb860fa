/** Calls to the account's webhooks, with the parameters that Twilio gives them. */
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

function form(params: Params): string {
  return new URLSearchParams(params.map(([name, value]): [string, string] => [name, value])).toString();
}
