/** The picture library, loaded when the first picture needs it: it costs memory and time that most starts never need. */
import { SwitchboardError } from "@switchboard/domain/errors";
import type { Sharp } from "sharp";

/** A bomb of a few bytes must not become gigabytes. All frames together. */
export const MAX_PIXELS = 80_000_000;
const SECONDS = 30;

/** What is decoded. Everything else the library can read, SVG and PDF among it, is blocked: files come from strangers. */
const DECODED = ["Jpeg", "Png", "Webp", "Nsgif", "Heif", "Tiff"].map((name) => `VipsForeignLoad${name}`);

export type OpenPicture = (path: string, options?: { readonly animated?: boolean }) => Sharp;

let loading: Promise<OpenPicture> | undefined;

/** @throws MSG_008 where the library has no build for this machine. */
export function pictureLibrary(): Promise<OpenPicture> {
  loading ??= load().catch((cause: unknown) => {
    loading = undefined;
    throw new SwitchboardError(
      "MSG_008",
      "Pictures cannot be converted on this machine: the package sharp does not load.",
      {
        action: "Install the optional dependencies of sharp for this machine, or send a file that fits as it is.",
        cause,
      },
    );
  });
  return loading;
}

async function load(): Promise<OpenPicture> {
  const { default: sharp } = await import("sharp");
  sharp.cache(false);
  sharp.concurrency(1);
  sharp.block({ operation: ["VipsForeignLoad"] });
  sharp.unblock({ operation: DECODED });
  return (path, { animated = false } = {}) =>
    sharp(path, { animated, limitInputPixels: MAX_PIXELS, failOn: "error" }).timeout({ seconds: SECONDS });
}
