/** Makes a picture what a platform or a model takes. */
import type { AttachmentRules } from "@switchboard/domain";
import { SwitchboardError } from "@switchboard/domain/errors";
import type { Metadata, Sharp } from "sharp";
import type { Spool, Spooled } from "../spool.ts";
import { takes } from "../takes.ts";
import { MAX_PIXELS, type OpenPicture, pictureLibrary } from "./library.ts";

export interface FittedPicture {
  readonly file: Spooled;
  readonly mimeType: string;
}

/** Pictures without a mark of their own among these are not looked into. */
export function isPicture(mimeType: string): boolean {
  return mimeType.startsWith("image/") && mimeType !== "image/svg+xml";
}

/**
 * The same file when it is fine, else a new one: upright, within the limits, without what a camera wrote into it. Owns
 * `file`, also when it fails. @throws MSG_003 when it cannot be made small enough, MSG_008 when it cannot be read or the
 * rules leave no type to convert to.
 */
export async function fitPicture(
  file: Spooled,
  mimeType: string,
  rules: AttachmentRules,
  spool: Spool,
  signal: AbortSignal,
): Promise<FittedPicture> {
  try {
    const fitted = await oneAtATime(async () => {
      signal.throwIfAborted();
      const open = await pictureLibrary();
      const facts = await read(open(file.path).metadata(), mimeType);
      if (isFine(file, mimeType, facts, rules)) return undefined;
      return convert({ file, mimeType, facts, rules, spool, open, signal });
    });
    if (!fitted) return { file, mimeType };
    await file.remove();
    return fitted;
  } catch (error) {
    await file.remove();
    throw error;
  }
}

interface Work {
  readonly file: Spooled;
  readonly mimeType: string;
  readonly facts: Metadata;
  readonly rules: AttachmentRules;
  readonly spool: Spool;
  readonly open: OpenPicture;
  readonly signal: AbortSignal;
}

function isFine({ size }: Spooled, mimeType: string, facts: Metadata, rules: AttachmentRules): boolean {
  const { height, width } = sidesOf(facts);
  const { maxBytes, maxPixels = Number.POSITIVE_INFINITY, maxSide = Number.POSITIVE_INFINITY } = rules;
  return (
    takes(rules, mimeType) && size <= maxBytes && Math.max(width, height) <= maxSide && width * height <= maxPixels
  );
}

/** From the best down. */
const STEPS = [
  { scale: 1, quality: 85 },
  { scale: 1, quality: 70 },
  { scale: 0.7, quality: 75 },
  { scale: 0.5, quality: 70 },
  { scale: 0.3, quality: 65 },
] as const;

async function convert(work: Work): Promise<FittedPicture> {
  const { facts, file, mimeType, rules, signal, spool } = work;
  const { height, width } = sidesOf(facts);
  if (width * height > MAX_PIXELS) {
    throw new SwitchboardError(
      "MSG_003",
      `The picture has ${width} × ${height} pixels; at most ${MAX_PIXELS} are decoded.`,
    );
  }
  const targets = await targetsOf(work);
  if (targets.length === 0) {
    throw new SwitchboardError("MSG_008", `A picture of type ${mimeType} cannot be made ${rules.types?.join(" or ")}.`);
  }
  const longest = longestSide(width, height, rules);
  for (const { animated, type } of targets) {
    for (const { quality, scale } of STEPS) {
      signal.throwIfAborted();
      const side = Math.max(1, Math.floor(longest * scale));
      const path = spool.fresh();
      const picture = work.open(file.path, { animated });
      const scaled = picture
        .autoOrient()
        .resize({ width: side, height: side, fit: "inside", withoutEnlargement: true });
      await read(encoded(scaled, type, quality).toFile(path), mimeType);
      const made = await spool.adopt(path);
      if (made.size <= rules.maxBytes) return { file: made, mimeType: type };
      await made.remove();
    }
  }
  throw new SwitchboardError("MSG_003", `The picture cannot be made smaller than ${rules.maxBytes} bytes.`);
}

interface Target {
  readonly type: OutputType;
  readonly animated: boolean;
}

type OutputType = "image/jpeg" | "image/png" | "image/webp" | "image/gif";

/** What to try, the best first: what moves goes on moving where its type is taken, what is transparent stays so. */
async function targetsOf({ facts, file, mimeType, open, rules }: Work): Promise<readonly Target[]> {
  const { height, width } = sidesOf(facts);
  const { pages = 1 } = facts;
  const held = width * height * pages <= MAX_PIXELS;
  const moves = pages > 1 && held && (mimeType === "image/gif" || mimeType === "image/webp");
  const transparent = facts.hasAlpha === true && !(await read(open(file.path).stats(), mimeType)).isOpaque;
  const stills: readonly OutputType[] = transparent
    ? ["image/png", "image/webp", "image/jpeg", "image/gif"]
    : ["image/jpeg", "image/png", "image/webp", "image/gif"];
  const targets = stills.filter((type) => takes(rules, type)).map((type) => ({ type, animated: false }));
  return moves && takes(rules, mimeType) ? [{ type: mimeType, animated: true }, ...targets] : targets;
}

function encoded(picture: Sharp, type: OutputType, quality: number): Sharp {
  switch (type) {
    case "image/jpeg":
      return picture.flatten({ background: "#ffffff" }).jpeg({ quality });
    case "image/png":
      return picture.png({ compressionLevel: 9 });
    case "image/webp":
      return picture.webp({ quality });
    case "image/gif":
      return picture.gif();
  }
}

function longestSide(width: number, height: number, rules: AttachmentRules): number {
  const longest = Math.max(width, height);
  const { maxPixels = Number.POSITIVE_INFINITY, maxSide = Number.POSITIVE_INFINITY } = rules;
  return Math.min(longest, maxSide, Math.floor(longest * Math.sqrt(maxPixels / (width * height))));
}

/** Of one frame, before it is turned upright. */
function sidesOf({ height, pageHeight, width }: Metadata): { readonly width: number; readonly height: number } {
  return { width, height: pageHeight ?? height };
}

async function read<T>(work: Promise<T>, mimeType: string): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const message = (cause as Error).message.split("\n")[0] ?? "";
    if (/pixel limit/i.test(message)) {
      throw new SwitchboardError("MSG_003", `The picture has more than ${MAX_PIXELS} pixels.`, { cause });
    }
    throw new SwitchboardError("MSG_008", `The picture (${mimeType}) cannot be read: ${message}`, { cause });
  }
}

let last: Promise<unknown> = Promise.resolve();

/** A picture in work is large in memory: one at a time bounds that for the whole process. */
function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
  const mine = last.then(work, work);
  last = mine.catch(() => {});
  return mine;
}
