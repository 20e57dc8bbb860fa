/** `POST Messages.json`: what is asked for is looked at as Twilio does, and refused in its words. */

import { type NewFile, sendTo } from "../people/carrier.ts";
import type { StoredMessage } from "../world/message.ts";
import { smartEncoded } from "../world/segments.ts";
import type { World } from "../world/world.ts";
import { optedOut, refusal } from "./refusals.ts";

const LENGTH = 1_600;
const FILES = 10;
const IMAGE = /^image\/(jpeg|jpg|png|gif)$/;
const IMAGE_BYTES = 5 * 1024 * 1024;
const OTHER_BYTES = 500 * 1024;
/** https://www.twilio.com/docs/messaging/guides/accepted-mime-types */
const TYPES =
  /^(image\/(jpeg|jpg|png|gif|bmp|tiff|heic|heif)|audio\/|video\/|text\/(vcard|x-vcard|csv|rtf|richtext|calendar|directory)|application\/(pdf|vcard))/;
const FETCH_MS = 10_000;

export async function createMessage(world: World, form: URLSearchParams): Promise<StoredMessage> {
  const to = form.get("To") ?? "";
  const from = form.get("From") ?? "";
  const service = form.get("MessagingServiceSid");
  const body = form.get("Body") ?? "";
  const urls = form.getAll("MediaUrl");
  const callback = form.get("StatusCallback");
  if (world.state.status !== "active") throw refusal(401, 20005, "Account not active");
  if (to === "") throw refusal(400, 21604, "A 'To' phone number is required.");
  if (from === "" && service === null) throw refusal(400, 21603, "A 'From' phone number is required.");
  if (service !== null && service !== world.serviceSid)
    throw refusal(400, 21701, "The Messaging Service resource does not exist.");
  if (from !== "" && from !== world.number) {
    throw refusal(
      400,
      21606,
      `The 'From' phone number provided (${from}) is not a valid, message-capable Twilio phone number for this destination.`,
    );
  }
  if (!/^\+[1-9]\d{6,14}$/.test(to)) throw refusal(400, 21211, `Invalid 'To' Phone Number: ${to.slice(0, 40)}`);
  if (body === "" && urls.length === 0)
    throw refusal(400, 21619, "A text message body or media urls must be specified.");
  if (body.length > LENGTH) throw refusal(400, 21617, "The concatenated message body exceeds the 1600 character limit");
  if (urls.length > FILES) throw refusal(400, 21623, "Number of media files exceeds allowed limit");
  if (callback !== null && !isHttp(callback))
    throw refusal(400, 21609, `The 'StatusCallback' URL ${callback} is not a valid URL.`);
  const phone = world.phones.byId(to);
  if (!phone) throw refusal(400, 21614, `'To' number: ${to}, is not a valid mobile number`);
  if (world.state.trial && !phone.name.startsWith("Verified")) {
    throw refusal(
      400,
      21608,
      `The number ${to} is unverified. Trial accounts cannot send messages to unverified numbers; verify ${to} at twilio.com/user/account/phone-numbers/verified, or purchase a Twilio number to send messages to unverified numbers`,
    );
  }
  if (phone.optedOut && service === null) throw optedOut();
  const files = await Promise.all(urls.map(fetchMedia));
  const isSmart = form.get("SmartEncoded") === "true";
  const text = isSmart ? smartEncoded(body) : body;
  return sendTo(world, {
    phone,
    body: world.state.trial ? `Sent from your Twilio trial account - ${text}` : text,
    files,
    viaService: service !== null,
    ...(callback !== null && { statusCallback: callback }),
  });
}

/** Twilio looks with HEAD and fetches with GET, without cookies or credentials. */
async function fetchMedia(url: string): Promise<NewFile> {
  if (!isHttp(url)) throw refusal(400, 21620, `Invalid media URL(s): ${url.slice(0, 80)}`);
  const broken = () => refusal(400, 21620, `Invalid media URL(s): ${url.slice(0, 80)} cannot be fetched`);
  const ask = (method: "HEAD" | "GET") =>
    fetch(url, { method, signal: AbortSignal.timeout(FETCH_MS) }).catch(() => Promise.reject(broken()));
  const head = await ask("HEAD");
  await head.body?.cancel();
  const answer = await ask("GET");
  const contentType = (answer.headers.get("content-type") ?? "").split(";")[0]?.trim() ?? "";
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (!head.ok || !answer.ok) throw broken();
  if (!TYPES.test(contentType)) throw refusal(400, 12300, `Invalid Content-Type: ${contentType}`);
  if (bytes.byteLength > (IMAGE.test(contentType) ? IMAGE_BYTES : OTHER_BYTES)) {
    throw refusal(400, 21620, "Media exceeds the maximum size");
  }
  const [, name] = /filename="([^"]*)"/.exec(answer.headers.get("content-disposition") ?? "") ?? [];
  return { bytes, contentType, ...(name !== undefined && { name }) };
}

function isHttp(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}
