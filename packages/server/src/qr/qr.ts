/** QR codes of a text, e.g. of a setup code (DEV-6). The library is loaded when the first one is asked for. */
import { SwitchboardError } from "@switchboard/domain";
import type { QRCodeToBufferOptions } from "qrcode";

/** Pixels of a module's side. */
const SCALE = 6;
/** Modules of the quiet zone around. */
const MARGIN = 4;
/** What the protocol lets an answer's picture be. */
export const MOST_DATA_URL_CHARACTERS = 16_384;
/** Grey, and each row as its difference to the one above: less than half of what the library writes otherwise. */
const PACKING = { colorType: 0, filterType: 2, deflateLevel: 9, deflateStrategy: 0 };
const DATA_URL = "data:image/png;base64,";

/** A PNG. @throws REQ_003 when the text is too long for any QR code. */
export async function qrPng(text: string): Promise<Buffer> {
  return draw(text, SCALE);
}

/** The PNG as a `data:` URL of at most `MOST_DATA_URL_CHARACTERS`; drawn smaller if need be. @throws REQ_003. */
export async function qrDataUrl(text: string): Promise<string> {
  for (let scale = SCALE; scale > 0; scale -= 1) {
    const url = `${DATA_URL}${(await draw(text, scale)).toString("base64")}`;
    if (url.length <= MOST_DATA_URL_CHARACTERS) return url;
  }
  throw tooLong();
}

/**
 * Lines of half blocks for a terminal. With `colour` black on white whatever the terminal's own colours are; without,
 * it shows on a light background.
 * @throws REQ_003.
 */
export async function qrLines(text: string, { colour }: { readonly colour: boolean }): Promise<readonly string[]> {
  const { toString: draw } = await library();
  const drawn = await draw(text, { type: "utf8", margin: 2 }).catch(refuse);
  const lines = drawn.split("\n");
  return colour ? lines.map((line) => `\u001b[30;107m${line}\u001b[0m`) : lines;
}

async function draw(text: string, scale: number): Promise<Buffer> {
  const { toBuffer } = await library();
  const options: QRCodeToBufferOptions = {
    type: "png",
    scale,
    margin: MARGIN,
    errorCorrectionLevel: "M",
    rendererOpts: PACKING,
  };
  return toBuffer(text, options).catch(refuse);
}

async function library() {
  return (await import("qrcode")).default;
}

/** The library's own message may show the text. */
function refuse(): never {
  throw tooLong();
}

function tooLong(): SwitchboardError {
  return new SwitchboardError("REQ_003", "The text is too long for a QR code.", { action: "Send it as text." });
}
