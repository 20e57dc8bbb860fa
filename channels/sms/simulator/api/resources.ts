/** Twilio's resources as JSON, every field that the API's description has. */
import type { JsonObject } from "@switchboard/domain";
import type { StoredMedia, StoredMessage } from "../world/message.ts";
import type { World } from "../world/world.ts";

const VERSION = "2010-04-01";
const SINCE = rfc2822(Date.UTC(2026, 0, 2));

/** RFC 2822, as all dates of this API. */
export function rfc2822(at: number): string {
  return new Date(at).toUTCString().replace("GMT", "+0000");
}

export function accountPath({ accountSid }: World): string {
  return `/${VERSION}/Accounts/${accountSid}`;
}

export function accountResource(world: World): JsonObject {
  const { accountSid, state } = world;
  return {
    sid: accountSid,
    owner_account_sid: accountSid,
    auth_token: world.authToken,
    friendly_name: `Simulated account ${world.name}`,
    date_created: SINCE,
    date_updated: SINCE,
    status: state.status,
    type: state.trial ? "Trial" : "Full",
    subresource_uris: { messages: `${accountPath(world)}/Messages.json` },
    uri: `${accountPath(world)}.json`,
  };
}

export function numberResource(world: World): JsonObject {
  const { accountSid, number, numberSid, state } = world;
  return {
    sid: numberSid,
    account_sid: accountSid,
    friendly_name: number,
    phone_number: number,
    api_version: VERSION,
    address_requirements: "none",
    address_sid: null,
    beta: false,
    bundle_sid: null,
    capabilities: { voice: true, sms: true, mms: true, fax: false },
    date_created: SINCE,
    date_updated: SINCE,
    emergency_address_sid: null,
    emergency_address_status: "unregistered",
    emergency_status: "Inactive",
    identity_sid: null,
    origin: "twilio",
    sms_application_sid: "",
    sms_fallback_method: "POST",
    sms_fallback_url: "",
    sms_method: state.smsMethod,
    sms_url: state.smsUrl,
    status: "in-use",
    status_callback: "",
    status_callback_method: "POST",
    trunk_sid: null,
    type: "local",
    uri: `${accountPath(world)}/IncomingPhoneNumbers/${numberSid}.json`,
    voice_application_sid: "",
    voice_caller_id_lookup: false,
    voice_fallback_method: "POST",
    voice_fallback_url: null,
    voice_method: "POST",
    voice_receive_mode: "voice",
    voice_url: null,
  };
}

/** Of another API, at `messaging.twilio.com`; its dates are ISO 8601. */
export function serviceResource(world: World): JsonObject {
  const { accountSid, serviceSid, state } = world;
  return {
    sid: serviceSid,
    account_sid: accountSid,
    friendly_name: "Simulated service",
    inbound_request_url: state.inboundUrl === "" ? null : state.inboundUrl,
    inbound_method: "POST",
    use_inbound_webhook_on_number: state.useNumberWebhook,
    status_callback: null,
    smart_encoding: true,
    sticky_sender: true,
    validity_period: 14_400,
    url: `https://messaging.twilio.com/v1/Services/${serviceSid}`,
  };
}

export function messageResource(world: World, message: StoredMessage): JsonObject {
  const { at, body, direction, errorCode, media, phone, segments, sid, status, updatedAt, viaService } = message;
  const inbound = direction === "inbound";
  const uri = `${accountPath(world)}/Messages/${sid}`;
  return {
    sid,
    account_sid: world.accountSid,
    api_version: VERSION,
    body,
    date_created: rfc2822(at),
    date_sent: status === "queued" || status === "accepted" ? null : rfc2822(at),
    date_updated: rfc2822(updatedAt),
    direction,
    error_code: errorCode ?? null,
    error_message: errorCode === undefined ? null : `Error ${errorCode}`,
    from: inbound ? phone : status === "accepted" ? null : world.number,
    to: inbound ? world.number : phone,
    messaging_service_sid: viaService || !world.state.useNumberWebhook ? world.serviceSid : null,
    num_media: String(media.length),
    num_segments: status === "accepted" ? "0" : String(segments),
    price: null,
    price_unit: "USD",
    status,
    subresource_uris: { media: `${uri}/Media.json` },
    uri: `${uri}.json`,
  };
}

export function mediaResource(world: World, { at, sid }: StoredMessage, media: StoredMedia): JsonObject {
  return {
    sid: media.sid,
    account_sid: world.accountSid,
    parent_sid: sid,
    content_type: media.contentType,
    date_created: rfc2822(at),
    date_updated: rfc2822(at),
    uri: `${accountPath(world)}/Messages/${sid}/Media/${media.sid}.json`,
  };
}

/** One page of a list, as this API wraps it. */
export function page(
  name: string,
  rows: readonly JsonObject[],
  { index, next, path, size }: { path: string; index: number; size: number; next?: string | undefined },
): JsonObject {
  const start = index * size;
  return {
    [name]: [...rows],
    start,
    end: Math.max(start, start + rows.length - 1),
    page: index,
    page_size: size,
    uri: path,
    first_page_uri: path,
    next_page_uri: next ?? null,
    previous_page_uri: null,
  };
}
