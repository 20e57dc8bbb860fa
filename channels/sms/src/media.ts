/** Files that people sent, as streams. */

import type { IncomingMessage } from "node:http";
import { checkSize, mediaStream } from "@switchboard/channel-kit/http";
import { type Json, type MediaStream, SwitchboardError } from "@switchboard/domain";
import type { TwilioApi } from "./api.ts";

const MOST_REDIRECTS = 3;
/** Where Twilio keeps media besides the API: https://support.twilio.com/hc/en-us/articles/223183748 */
const STORES = /(^|\.)(twilio\.com|twiliocdn\.com|amazonaws\.com)$/;

/**
 * Fetches a file by the address of its message. The credential goes to the API alone and never along with a redirect:
 * the API redirects to a store, whose address is good by itself.
 * @throws MSG_003 when it is larger than `maxBytes`, REQ_002 when it is gone, SEC_003 for an address of anybody else.
 */
export async function download(api: TwilioApi, ref: Json, maxBytes: number, signal: AbortSignal): Promise<MediaStream> {
  let url = api.atBase(addressOf(ref));
  if (!api.isOwn(url)) refuseHost(url);
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    const response = await api.open(url, hops === 0, signal);
    const { statusCode: status = 0, headers } = response;
    if (status === 200) return streamOf(response, maxBytes);
    response.destroy();
    if (status < 300 || status > 308 || headers.location === undefined) {
      throw new SwitchboardError("REQ_002", `Twilio does not have this file any more (HTTP ${status}).`);
    }
    url = new URL(headers.location, url).toString();
    if (!api.isOwn(url) && !isStore(url)) refuseHost(url);
  }
  throw new SwitchboardError("REQ_002", "Twilio sends from one address to the next.");
}

function addressOf(ref: Json): string {
  if (typeof ref === "object" && ref !== null && "url" in ref && typeof ref.url === "string") {
    if (URL.canParse(ref.url)) return ref.url;
  }
  throw new SwitchboardError("REQ_002", "This is no attachment of this channel.");
}

function isStore(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" && STORES.test(hostname);
}

function refuseHost(url: string): never {
  const { host } = new URL(url);
  throw new SwitchboardError("SEC_003", `Files are not fetched from ${host.slice(0, 100)}.`, {
    action: "Check the account's baseUrl: it must be the region that the number belongs to.",
  });
}

function streamOf(response: IncomingMessage, maxBytes: number): MediaStream {
  const media = mediaStream(response, { maxBytes });
  if (media.size !== undefined && media.size > maxBytes) response.destroy();
  checkSize(media.size ?? 0, maxBytes);
  const [, fileName] = /filename="([^"\r\n]{1,200})"/.exec(response.headers["content-disposition"] ?? "") ?? [];
  return { ...media, ...(fileName !== undefined && { fileName }) };
}
