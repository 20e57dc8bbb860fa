/** Files that people sent, as streams. */

import type { IncomingMessage } from "node:http";
import { ReadableStream } from "node:stream/web";
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
  const {
    "content-length": length,
    "content-type": mimeType,
    "content-disposition": disposition = "",
  } = response.headers;
  const size = length === undefined ? undefined : Number(length);
  if (size !== undefined && size > maxBytes) {
    response.destroy();
    checkSize(size, maxBytes);
  }
  const [, fileName] = /filename="([^"\r\n]{1,200})"/.exec(disposition) ?? [];
  return {
    stream: ReadableStream.from(limited(response, maxBytes)) as MediaStream["stream"],
    ...(mimeType !== undefined && { mimeType }),
    ...(fileName !== undefined && { fileName }),
    ...(size !== undefined && Number.isSafeInteger(size) && { size }),
  };
}

/** The bytes, with every trouble in our own words. Leaving early lets go of the connection. */
async function* limited(source: IncomingMessage, maxBytes: number): AsyncGenerator<Uint8Array> {
  let passed = 0;
  try {
    for await (const piece of source) {
      passed += (piece as Buffer).byteLength;
      checkSize(passed, maxBytes);
      yield piece as Buffer;
    }
  } catch (thrown) {
    if (thrown instanceof SwitchboardError) throw thrown;
    throw new SwitchboardError("CONN_001", `The file broke off: ${(thrown as Error).message}`);
  }
}

function checkSize(size: number, maxBytes: number): void {
  if (size <= maxBytes) return;
  throw new SwitchboardError("MSG_003", `The file has ${size} bytes or more; at most ${maxBytes} are fetched.`);
}
