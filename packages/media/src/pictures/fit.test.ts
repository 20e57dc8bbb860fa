import { crc32 } from "node:zlib";
import type { AttachmentRules, OutboundMedia } from "@switchboard/domain";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { bytesOf, noisy, plain, type TestPipeline, testPipeline } from "../test-support/pipeline.ts";

const JPEG_ONLY: AttachmentRules = { maxBytes: 5_000_000, types: ["image/jpeg"] };
const PHOTO: AttachmentRules = { maxBytes: 5_000_000, types: ["image/jpeg", "image/png"], maxSide: 400 };

async function fitted(it: TestPipeline, bytes: Uint8Array, rules: AttachmentRules, fileName = "photo.x") {
  const media: OutboundMedia = await it.open(bytes, rules, { fileName });
  const content = await bytesOf(media);
  expect(content.length).toBe(media.size);
  await expect.poll(it.left).toEqual([]);
  expect(it.openBlobs()).toBe(0);
  return { ...media, content, facts: await sharp(content, { animated: true }).metadata() };
}

async function pixel(content: Uint8Array, left: number, top: number): Promise<number[]> {
  return [...(await sharp(content).extract({ left, top, width: 1, height: 1 }).raw().toBuffer())];
}

/** The same PNG with other sides in its header: what a bomb claims to become. */
function claiming(png: Buffer, side: number): Buffer {
  const bomb = Buffer.from(png);
  bomb.writeUInt32BE(side, 16);
  bomb.writeUInt32BE(side, 20);
  bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29);
  return bomb;
}

/** A few bytes for each frame, each a dot on a wide canvas. */
function endlessGif(side: number, frames: number): Buffer {
  const header = Buffer.from("47494638396100000000800000000000ffffff", "hex");
  header.writeUInt16LE(side, 6);
  header.writeUInt16LE(side, 8);
  const frame = Buffer.from("21f90400010000002c0000000001000100000202440100", "hex");
  return Buffer.concat([header, ...Array<Buffer>(frames).fill(frame), Buffer.from(";")]);
}

describe("MSG-6 pictures that fit", () => {
  it("MSG-6 passes on what fits byte for byte, camera's notes and all", async () => {
    await using it = await testPipeline();
    const bytes = await plain(300, 200)
      .withExif({ IFD0: { Artist: "somebody" } })
      .jpeg()
      .toBuffer();
    for (const rules of [JPEG_ONLY, PHOTO, { maxBytes: bytes.length }]) {
      expect((await fitted(it, bytes, rules)).content.equals(bytes)).toBe(true);
    }
  });

  it.each(["tiff", "webp", "avif", "gif", "png"] as const)("MSG-6 makes a JPEG of %s, named so", async (format) => {
    await using it = await testPipeline();
    const bytes = await plain(60, 40).toFormat(format).toBuffer();
    const { content, facts, fileName, mimeType } = await fitted(it, bytes, JPEG_ONLY, `my photo.${format}`);
    expect([mimeType, fileName, facts.format]).toEqual(["image/jpeg", "my photo.jpg", "jpeg"]);
    expect([facts.width, facts.height]).toEqual([60, 40]);
    const [red = 0, green = 255] = await pixel(content, 30, 20);
    expect(red).toBeGreaterThan(240);
    expect(green).toBeLessThan(15);
  });

  it("MSG-6 turns upright and forgets what the camera wrote, the place above all", async () => {
    await using it = await testPipeline();
    const exif = { IFD0: { Artist: "somebody" }, IFD3: { GPSLatitude: "51/1 30/1 0/1", GPSLatitudeRef: "N" } };
    const top = await plain(100, 50, { r: 0, g: 0, b: 255 }).png().toBuffer();
    const bytes = await plain(100, 200)
      .composite([{ input: top, left: 0, top: 0 }])
      .withExif(exif)
      .withMetadata({ orientation: 6 })
      .webp({ lossless: true })
      .toBuffer();
    const before = await sharp(bytes).metadata();
    expect(before.orientation).toBe(6);
    const { content, facts } = await fitted(it, bytes, JPEG_ONLY);
    expect([facts.width, facts.height, facts.orientation, facts.exif]).toEqual([200, 100, undefined, undefined]);
    expect(content.includes("somebody")).toBe(false);
    // What was on top is on the right after a quarter turn.
    const [red = 255, , blue = 0] = await pixel(content, 190, 50);
    expect([red < 30, blue > 225]).toEqual([true, true]);
  });

  it("MSG-6 scales to the longest side and to the number of pixels, and never up", async () => {
    await using it = await testPipeline();
    const bytes = await plain(1_000, 500).png().toBuffer();
    const bySide = await fitted(it, bytes, PHOTO);
    expect([bySide.facts.width, bySide.facts.height]).toEqual([400, 200]);
    const byPixels = await fitted(it, bytes, { ...JPEG_ONLY, maxPixels: 20_000 });
    expect([byPixels.facts.width, byPixels.facts.height]).toEqual([200, 100]);
    const small = await fitted(it, bytes, { ...JPEG_ONLY, maxSide: 5_000 });
    expect(small.facts.width).toBe(1_000);
  });

  it("MSG-6 makes it small enough in bytes, or says MSG_003", async () => {
    await using it = await testPipeline();
    const bytes = await noisy(700, 700).png().toBuffer();
    const { facts, size } = await fitted(it, bytes, { maxBytes: 60_000, types: ["image/jpeg"] });
    expect(size).toBeLessThanOrEqual(60_000);
    expect(facts.format).toBe("jpeg");
    await expect(it.open(bytes, { maxBytes: 200, types: ["image/jpeg"] })).rejects.toMatchObject({ code: "MSG_003" });
    expect(await it.left()).toEqual([]);
  });

  it("MSG-6 what is transparent stays so where it may, and is white where not", async () => {
    await using it = await testPipeline();
    const bytes = await plain(500, 500, { r: 255, g: 0, b: 0, alpha: 0 }).webp({ lossless: true }).toBuffer();
    const kept = await fitted(it, bytes, PHOTO);
    expect([kept.mimeType, kept.facts.hasAlpha, kept.facts.width]).toEqual(["image/png", true, 400]);
    const { content, mimeType } = await fitted(it, bytes, JPEG_ONLY);
    expect([mimeType, ...(await pixel(content, 9, 9))]).toEqual(["image/jpeg", 255, 255, 255]);
    // An alpha channel that hides nothing is no reason for a large file.
    const opaque = await plain(500, 500, { r: 255, g: 0, b: 0, alpha: 1 }).webp().toBuffer();
    expect((await fitted(it, opaque, PHOTO)).mimeType).toBe("image/jpeg");
  });

  it("MSG-6 makes a sticker of what is none", async () => {
    await using it = await testPipeline();
    const bytes = await plain(600, 300).png().toBuffer();
    const { facts, mimeType } = await fitted(it, bytes, { maxBytes: 100_000, types: ["image/webp"], maxSide: 512 });
    expect([mimeType, facts.width, facts.height]).toEqual(["image/webp", 512, 256]);
  });

  it("MSG-6 what moves goes on moving where its type is taken, else its first picture is shown", async () => {
    await using it = await testPipeline();
    const frames = [plain(80, 60), plain(80, 60, { r: 0, g: 255, b: 0 }), plain(80, 60, { r: 0, g: 0, b: 255 })];
    const pictures = await Promise.all(frames.map((frame) => frame.png().toBuffer()));
    for (const format of ["gif", "webp"] as const) {
      const bytes = await sharp(pictures, { join: { animated: true } })
        .toFormat(format)
        .toBuffer();
      const still = await fitted(it, bytes, JPEG_ONLY);
      expect([still.mimeType, still.facts.pages ?? 1, still.facts.height]).toEqual(["image/jpeg", 1, 60]);
      expect((await pixel(still.content, 40, 30))[0]).toBeGreaterThan(240);
      const moving = await fitted(it, bytes, {
        maxBytes: 100_000,
        types: ["image/jpeg", `image/${format}`],
        maxSide: 40,
      });
      expect([moving.mimeType, moving.facts.pages, moving.facts.width]).toEqual([`image/${format}`, 3, 40]);
      expect(moving.facts.pageHeight).toBe(30);
    }
  });

  it("MSG-6 a bomb is refused by what it claims, before it is unpacked", async () => {
    await using it = await testPipeline();
    const bomb = claiming(await plain(10, 10).png().toBuffer(), 60_000);
    for (const rules of [JPEG_ONLY, PHOTO]) {
      await expect(it.open(bomb, rules)).rejects.toMatchObject({ code: "MSG_003", retryable: false });
    }
    expect(await it.left()).toEqual([]);
  });

  it("MSG-6 of a picture that moves with more frames than can be held, the first is shown", async () => {
    await using it = await testPipeline();
    const bytes = endlessGif(2_000, 100);
    expect(bytes.length).toBeLessThan(4_000);
    const { facts, mimeType } = await fitted(it, bytes, { ...PHOTO, types: ["image/jpeg", "image/gif"] });
    expect([mimeType, facts.width, facts.pages ?? 1]).toEqual(["image/jpeg", 400, 1]);
    const gif = await fitted(it, bytes, { ...PHOTO, types: ["image/gif"] });
    expect([gif.mimeType, gif.facts.width, gif.facts.pages ?? 1]).toEqual(["image/gif", 400, 1]);
  });

  it.each([
    ["an iPhone's HEIC", Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic".padEnd(200, "\0"), "latin1"), "image/heic"],
    ["a BMP", Buffer.concat([Buffer.from("BM"), Buffer.alloc(100)]), "image/bmp"],
    [
      "half a PNG",
      Buffer.from("89504e470d0a1a0a0000000d49484452000000100000001008020000009091683600", "hex"),
      "image/png",
    ],
    ["SVG", Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'), "svg"],
  ])("MSG_008 %s cannot be converted, and says so", async (_, bytes, named) => {
    await using it = await testPipeline();
    const opening = it.open(bytes, JPEG_ONLY, { mimeType: "image/svg+xml" });
    await expect(opening).rejects.toMatchObject({ code: "MSG_008", retryable: false });
    await expect(opening).rejects.toThrow(named);
    expect([it.openBlobs(), await it.left()]).toEqual([0, []]);
  });

  it("MSG_008 says when the rules leave nothing that could be made", async () => {
    await using it = await testPipeline();
    const bytes = await plain(10, 10).png().toBuffer();
    await expect(it.open(bytes, { maxBytes: 9_000, types: ["image/avif"] })).rejects.toMatchObject({ code: "MSG_008" });
  });

  it("reads no SVG, PDF or anything else that the library could, whatever it is called", async () => {
    await using it = await testPipeline();
    await fitted(it, await plain(10, 10).png().toBuffer(), JPEG_ONLY);
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    await expect(sharp(svg).metadata()).rejects.toThrow();
  });
});
