import { createHash } from "node:crypto";
import { readdir, utimes } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import type { MediaStore } from "@switchboard/core/ports";
import type { TenantId } from "@switchboard/domain";
import { HOUR, TENANT } from "@switchboard/testkit/factories";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openMediaStore } from "./index.ts";

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const ROOMY = { maxBytes: 1_000_000 };
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

function streamOf(...chunks: readonly (Uint8Array | Error)[]): ReadableStream<Uint8Array> {
  const left = [...chunks];
  return new ReadableStream({
    pull(controller) {
      const chunk = left.shift();
      if (chunk === undefined) controller.close();
      else if (chunk instanceof Error) controller.error(chunk);
      else controller.enqueue(chunk);
    },
  });
}

describe("media store", () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let media: MediaStore;
  beforeEach(async () => {
    directory = await temporaryDirectory();
    media = await openMediaStore(join(directory.path, "media"));
  });
  afterEach(() => directory.remove());

  const files = async () =>
    (await readdir(join(directory.path, "media"), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));

  it("MSG-6 keeps bytes by their content and knows what they are", async () => {
    const stored = await media.put(TENANT, PNG, ROOMY);
    expect(stored).toEqual({ blob: sha256(PNG), size: PNG.length, mimeType: "image/png" });
    const { stream, ...rest } = await media.read(TENANT, stored.blob);
    expect(rest).toEqual({ size: PNG.length, mimeType: "image/png" });
    expect(await buffer(stream)).toEqual(PNG);
    const { blob } = stored;
    expect(await files()).toEqual([join(directory.path, "media", "default", blob.slice(0, 2), blob.slice(2))]);
  });

  it("MSG-6 takes a stream of any length piece by piece, and the same content once", async () => {
    const piece = Buffer.alloc(100_000, "abc");
    const whole = Buffer.concat([piece, piece, piece]);
    const first = await media.put(TENANT, streamOf(piece, piece, piece), ROOMY);
    expect(first).toEqual({ blob: sha256(whole), size: 300_000 });
    expect(await media.put(TENANT, whole, ROOMY)).toEqual(first);
    expect(await files()).toHaveLength(1);
    expect(await buffer((await media.read(TENANT, first.blob)).stream)).toEqual(whole);
  });

  it("MSG-6 refuses what is too large and leaves nothing of it", async () => {
    const cancelled = Promise.withResolvers<void>();
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(1_000)),
      cancel: () => cancelled.resolve(),
    });
    await expect(media.put(TENANT, endless, { maxBytes: 5_000 })).rejects.toMatchObject({ code: "MSG_003" });
    await cancelled.promise;
    await expect(media.put(TENANT, PNG, { maxBytes: PNG.length - 1 })).rejects.toMatchObject({ code: "MSG_003" });
    expect(await media.put(TENANT, PNG, { maxBytes: PNG.length })).toMatchObject({ size: PNG.length });
    expect(await files()).toHaveLength(1);
  });

  it("leaves nothing of a stream that breaks off or is stopped", async () => {
    const broken = streamOf(PNG, new Error("connection reset"));
    await expect(media.put(TENANT, broken, ROOMY)).rejects.toThrow("connection reset");
    const stop = AbortSignal.abort(new Error("enough"));
    await expect(media.put(TENANT, streamOf(PNG, PNG), { ...ROOMY, signal: stop })).rejects.toThrow("enough");
    await expect(media.put(TENANT, PNG, { ...ROOMY, signal: stop })).rejects.toThrow("enough");
    expect(await files()).toEqual([]);
  });

  it("says what a file is by its content, and never fails over a damaged one", async () => {
    const damaged = Buffer.concat([PNG.subarray(0, 12), Buffer.alloc(20, 0xff)]);
    const zip = Buffer.from("504b030414000000ffffffffffffffffffffffff", "hex");
    for (const bytes of [damaged, zip, Buffer.alloc(0), Buffer.from("plain text")]) {
      const { blob, size } = await media.put(TENANT, bytes, ROOMY);
      expect(await buffer((await media.read(TENANT, blob)).stream)).toHaveLength(size);
    }
    expect(await media.put(TENANT, Buffer.from("<script>"), ROOMY)).not.toHaveProperty("mimeType");
  });

  it("TEN-2 shows a tenant only its own files, whatever its id looks like", async () => {
    const tenants = ["default", "Default", "../default", "..", "a/b", "a~2f~b", "ä"] as TenantId[];
    for (const [index, tenant] of tenants.entries()) {
      const { blob } = await media.put(tenant, Buffer.from(`of ${index}`), ROOMY);
      for (const other of tenants) expect(await media.has(other, blob)).toBe(other === tenant);
    }
    expect(await readdir(directory.path)).toEqual(["media"]);
    expect(await files()).toHaveLength(tenants.length);
  });

  it("MSG-6 takes no path for the name of a file", async () => {
    for (const blob of ["", "..", "../../x", "A".repeat(64), `${"a".repeat(63)}/`, "a".repeat(63)]) {
      await expect(media.read(TENANT, blob)).rejects.toMatchObject({ code: "REQ_002" });
      expect([await media.has(TENANT, blob), await media.remove(TENANT, blob)]).toEqual([false, false]);
    }
  });

  it("removes a file once", async () => {
    const { blob } = await media.put(TENANT, PNG, ROOMY);
    expect(await media.remove(TENANT, blob)).toBe(true);
    expect(await media.remove(TENANT, blob)).toBe(false);
    expect(await media.has(TENANT, blob)).toBe(false);
    await expect(media.read(TENANT, blob)).rejects.toMatchObject({ code: "REQ_002" });
  });

  it("prunes what nobody has put for long, and what was left half-written", async () => {
    const old = await media.put(TENANT, Buffer.from("old"), ROOMY);
    const used = await media.put(TENANT, Buffer.from("used again"), ROOMY);
    const long = new Date(Date.now() - HOUR);
    for (const path of await files()) await utimes(path, long, long);
    await media.put(TENANT, Buffer.from("used again"), ROOMY);
    const fresh = await media.put(TENANT, Buffer.from("fresh"), ROOMY);
    expect(await media.prune(Date.now() - HOUR / 2)).toBe(1);
    const there = await Promise.all([old, used, fresh].map(({ blob }) => media.has(TENANT, blob)));
    expect(there).toEqual([false, true, true]);
  });

  it("MSG-6 keeps what is still needed, however old", async () => {
    const [needed, over] = [Buffer.from("needed"), Buffer.from("over")];
    const [{ blob }, other] = [await media.put(TENANT, needed, ROOMY), await media.put(TENANT, over, ROOMY)];
    const long = new Date(Date.now() - HOUR);
    for (const path of await files()) await utimes(path, long, long);
    expect(await media.prune(Date.now() - HOUR / 2, new Set([blob]))).toBeGreaterThan(0);
    expect([await media.has(TENANT, blob), await media.has(TENANT, other.blob)]).toEqual([true, false]);
  });

  it("stops reading when nobody listens any more", async () => {
    const { blob } = await media.put(TENANT, Buffer.alloc(900_000, 1), ROOMY);
    const gone = new AbortController();
    const { stream } = await media.read(TENANT, blob, gone.signal);
    const reader = stream.getReader();
    expect((await reader.read()).done).toBe(false);
    gone.abort(new Error("gone"));
    const rest = async () => {
      while (!(await reader.read()).done);
    };
    await expect(rest()).rejects.toThrow();
    await expect(media.read(TENANT, blob, gone.signal)).rejects.toThrow("gone");
  });

  it("STORE_003 says that a directory cannot be written", async () => {
    const { blob } = await media.put(TENANT, PNG, ROOMY);
    const [file = ""] = await files();
    await expect(openMediaStore(file)).rejects.toMatchObject({ code: "STORE_003" });
    expect(await media.has(TENANT, blob)).toBe(true);
  });
});
