import type { InboundFile } from "@switchboard/core/ports";
import type { MediaStream } from "@switchboard/domain";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { bytesOf, inPieces, never, plain, type TestPipeline, testPipeline } from "./test-support/pipeline.ts";

const FILE: InboundFile = { kind: "image", maxBytes: 1_000_000 };
const MODEL = { types: ["image/jpeg", "image/png"], maxBytes: 500_000, maxSide: 100 };
const SILENT = new ReadableStream<Uint8Array>();

const open = (it: TestPipeline, media: MediaStream, file: Partial<InboundFile> = {}, signal = never) =>
  it.pipeline.inbound(async () => media, { ...FILE, ...file }, signal);

describe("MSG-6 files that came in", () => {
  it("MSG-6 is what the bytes say, whatever platform and sender claim, under a safe name", async () => {
    await using it = await testPipeline();
    const bytes = await plain(20, 10).png().toBuffer();
    const stream = inPieces(bytes);
    const claims = { mimeType: "text/html", fileName: "..\\..\\con.png\0\u202egnp.exe" };
    const media = await open(it, { stream, mimeType: "image/jpeg", size: bytes.length }, claims);
    expect(media).toMatchObject({ mimeType: "image/png", fileName: "_con.pnggnp.exe", size: bytes.length });
    expect((await bytesOf(media)).equals(bytes)).toBe(true);
  });

  it.each([
    ["by what was told before", { size: 2_000_000 }, {}, 0],
    ["by what the platform tells now", {}, { size: 2_000_000 }, 1],
  ])("MSG_003 %s, before it is read", async (_, file, told, cancelled) => {
    await using it = await testPipeline();
    let ended = 0;
    const stream = inPieces(Buffer.alloc(100_000), () => {
      ended += 1;
    });
    await expect(open(it, { stream, ...told }, file)).rejects.toMatchObject({ code: "MSG_003", retryable: false });
    expect(ended).toBe(cancelled);
  });

  it("MSG_003 by what comes, when the platform told less", async () => {
    await using it = await testPipeline();
    const media = await open(it, { stream: inPieces(Buffer.alloc(1_500_000)), size: 10 }, { kind: "document" });
    await expect(bytesOf(media)).rejects.toMatchObject({ code: "MSG_003" });
  });

  it("CONN_001 a platform that never answers, falls silent, or drips for ever", async () => {
    await using it = await testPipeline({ totalMs: 200, idleMs: 60_000 });
    const late = it.pipeline.inbound(() => new Promise(() => {}), FILE, never);
    await expect(late).rejects.toMatchObject({ code: "CONN_001", message: expect.stringContaining("200 ms") });
    await using other = await testPipeline({ totalMs: 600_000, idleMs: 50 });
    await expect(open(other, { stream: SILENT })).rejects.toMatchObject({ message: expect.stringContaining("50 ms") });
  });

  it("MSG-6 makes pictures fit for a model, and leaves documents and sounds alone", async () => {
    await using it = await testPipeline();
    const picture = { picture: MODEL };
    const tiff = await plain(300, 150).tiff().toBuffer();
    const shown = await open(it, { stream: inPieces(tiff) }, picture);
    const { format, width } = await sharp(await bytesOf(shown)).metadata();
    expect([shown.mimeType, format, width]).toEqual(["image/jpeg", "jpeg", 100]);
    const text = await open(it, { stream: inPieces(Buffer.from("hello")) }, { ...picture, mimeType: "text/plain" });
    expect([text.mimeType, String(await bytesOf(text))]).toEqual(["text/plain", "hello"]);
    await expect.poll(it.left).toEqual([]);
  });

  it("MSG_008 a picture that cannot be read is refused, and nothing of it stays", async () => {
    await using it = await testPipeline();
    const heic = Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic".padEnd(200, "\0"), "latin1");
    await expect(open(it, { stream: inPieces(heic) }, { picture: MODEL })).rejects.toMatchObject({ code: "MSG_008" });
    expect(await it.left()).toEqual([]);
  });

  it("stops when its reader stops, and lets go of what comes too late", async () => {
    await using it = await testPipeline();
    const stop = new AbortController();
    const cancelled = Promise.withResolvers<void>();
    const opened = Promise.withResolvers<MediaStream>();
    const opening = it.pipeline.inbound(() => opened.promise, FILE, stop.signal);
    stop.abort(new Error("enough"));
    await expect(opening).rejects.toThrow("enough");
    opened.resolve({ stream: new ReadableStream({ cancel: () => cancelled.resolve() }) });
    await cancelled.promise;
  });
});
