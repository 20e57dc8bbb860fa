import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type AttachmentRules,
  DEFAULT_TENANT,
  type OutboundAttachment,
  type SwitchboardError,
} from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { openSpool } from "./spool.ts";
import { bytesOf, never, plain, testPipeline } from "./test-support/pipeline.ts";
import { web } from "./test-support/web.ts";

const ROOMY: AttachmentRules = { maxBytes: 1_000_000 };
const GIF = Buffer.from("R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=", "base64");
const OPUS = Buffer.from(`OggS${"\0".repeat(24)}OpusHead${"\0".repeat(40)}`, "latin1");
const PDF = Buffer.from("%PDF-1.7\n and so on");

describe("MSG-6 attachments on their way out", () => {
  it("MSG-6 streams what fits as it is, says what it is by its content, and names it", async () => {
    await using it = await testPipeline();
    const document = Buffer.concat([PDF, Buffer.alloc(500_000, "x")]);
    const claim = { kind: "document", mimeType: "image/png", fileName: "../../etc/a\u202efdp.exe" } as const;
    const media = await it.open(document, ROOMY, claim);
    expect(media).toMatchObject({ mimeType: "application/pdf", fileName: "afdp.exe", size: document.length });
    expect(await it.left()).toEqual([]);
    expect((await bytesOf(media)).equals(document)).toBe(true);
    expect(it.openBlobs()).toBe(0);
  });

  it.each([
    [GIF, "image", undefined, "image/gif", "image.gif"],
    [PDF, "document", "report", "application/pdf", "report.pdf"],
    [Buffer.from("a,b\n1,2"), "document", "t.csv", "text/csv", "t.csv"],
    [Buffer.from("who knows"), "document", undefined, "application/octet-stream", "document.bin"],
    [OPUS, "voice", undefined, "audio/ogg", "voice.opus"],
    [Buffer.from("OggS\0and so on".padEnd(60)), "audio", "a", "application/ogg", "a.ogx"],
  ] as const)(
    "MSG-6 what nobody named gets a name with an ending (%#)",
    async (bytes, kind, fileName, mimeType, name) => {
      await using it = await testPipeline();
      const attachment = {
        kind,
        ...(fileName !== undefined && { fileName }),
        ...(mimeType === "text/csv" && { mimeType }),
      };
      const media = await it.open(bytes, ROOMY, attachment);
      expect([media.mimeType, media.fileName]).toEqual([mimeType, name]);
      await media.stream.cancel();
      expect(it.openBlobs()).toBe(0);
    },
  );

  it("MSG-6 fetches an address, with an exact size although the server told none", async () => {
    await using it = await testPipeline();
    const body = Buffer.concat([PDF, Buffer.alloc(200_000, "x")]);
    await using there = await web({
      "/told.pdf": (response) => void response.writeHead(200, { "content-length": body.length }).end(body),
      "/untold.pdf": (response) => {
        response.writeHead(200).write(body.subarray(0, 10));
        response.end(body.subarray(10));
      },
    });
    for (const path of ["/told.pdf", "/untold.pdf"]) {
      const attachment: OutboundAttachment = { kind: "document", source: { url: there.url(path) } };
      const media = await it.pipeline.outbound(DEFAULT_TENANT, attachment, ROOMY, never);
      expect(media).toMatchObject({ size: body.length, mimeType: "application/pdf", fileName: path.slice(1) });
      expect(await it.left()).toHaveLength(path === "/told.pdf" ? 0 : 1);
      expect((await bytesOf(media)).equals(body)).toBe(true);
    }
    await expect.poll(it.left).toEqual([]);
    await there.quiet();
  });

  it("CVE-2026-28467 SEC_007 an address inside is refused, and nothing is left", async () => {
    await using it = await testPipeline();
    const attachment: OutboundAttachment = { kind: "image", source: { url: "http://169.254.169.254/x.png" } };
    await expect(it.pipeline.outbound(DEFAULT_TENANT, attachment, ROOMY, never)).rejects.toMatchObject({
      code: "SEC_007",
    });
    expect(await it.left()).toEqual([]);
  });

  it.each([
    ["larger than taken", PDF, { maxBytes: 5 }, { kind: "document" }, "MSG_003"],
    ["of a type that is not taken", PDF, { maxBytes: 500, types: ["video/mp4"] }, { kind: "video" }, "MSG_008"],
    ["no picture", Buffer.from("hi"), { maxBytes: 500, types: ["image/png"] }, { kind: "image" }, "MSG_008"],
    [
      "a lie",
      Buffer.from("hi"),
      { maxBytes: 500, types: ["video/*"] },
      { kind: "video", mimeType: "video/mp4" },
      "MSG_008",
    ],
  ] as const)("%s: refused with its reason, and let go of", async (_, bytes, rules, attachment, code) => {
    await using it = await testPipeline();
    await expect(it.open(bytes, rules, attachment)).rejects.toMatchObject({ code, retryable: false });
    expect([it.openBlobs(), await it.left()]).toEqual([0, []]);
  });

  it("MSG_008 a kind that the platform does not take, REQ_002 a file that is gone", async () => {
    await using it = await testPipeline();
    const attachment: OutboundAttachment = { kind: "sticker", source: { blob: "gone" } };
    const open = (rules?: AttachmentRules) => it.pipeline.outbound(DEFAULT_TENANT, attachment, rules, never);
    await expect(open()).rejects.toMatchObject({ code: "MSG_008", message: expect.stringContaining("sticker") });
    await expect(open(ROOMY)).rejects.toMatchObject({ code: "REQ_002" });
  });

  it("a document stays somebody's very file, also when it is a picture", async () => {
    await using it = await testPipeline();
    const picture = await plain(50, 40)
      .withExif({ IFD0: { Artist: "somebody" } })
      .tiff()
      .toBuffer();
    const media = await it.open(picture, { ...ROOMY, maxSide: 10 }, { kind: "document" });
    expect((await bytesOf(media)).equals(picture)).toBe(true);
  });

  it("lets go of everything when the caller stops, before, while and after it is opened", async () => {
    await using it = await testPipeline();
    const bytes = await plain(900, 900).png().toBuffer();
    const rules = { ...ROOMY, types: ["image/jpeg"] };
    const before = AbortSignal.abort(new Error("before"));
    await expect(it.open(bytes, rules, {}, before)).rejects.toThrow("before");
    const stop = new AbortController();
    const opening = it.open(bytes, rules, {}, stop.signal);
    stop.abort(new Error("while"));
    await expect(opening).rejects.toThrow("while");
    const later = new AbortController();
    const media = await it.open(bytes, rules, {}, later.signal);
    later.abort(new Error("after"));
    await expect(bytesOf(media)).rejects.toThrow("after");
    await expect.poll(it.left).toEqual([]);
    expect(it.openBlobs()).toBe(0);
  });

  it("MSG-6 removes what a process that was killed left behind", async () => {
    await using it = await testPipeline();
    await writeFile(join(it.directory, "left-over"), "x");
    await openSpool(it.directory);
    expect(await readdir(it.directory)).toEqual([]);
  });

  it("STORE_003 says that no temporary file can be written", async () => {
    await using it = await testPipeline();
    const file = join(it.directory, "file");
    await writeFile(file, "x");
    await expect(openSpool(join(file, "below"))).rejects.toMatchObject({ code: "STORE_003" });
    expect(await readFile(file, "utf8")).toBe("x");
  });

  it("a stream that breaks off fails, and is no shorter file", async () => {
    await using it = await testPipeline();
    await using there = await web({
      "/x": (response) => {
        response.writeHead(200, { "content-length": 100_000 }).write(PDF);
        setImmediate(() => response.destroy());
      },
    });
    const attachment: OutboundAttachment = { kind: "document", source: { url: there.url("/x") } };
    const error = await it.pipeline
      .outbound(DEFAULT_TENANT, attachment, ROOMY, never)
      .then(bytesOf)
      .then(
        () => undefined,
        (thrown: SwitchboardError) => thrown,
      );
    expect(error).toMatchObject({ code: "NET_001", retryable: true, delivered: "no" });
  });
});
