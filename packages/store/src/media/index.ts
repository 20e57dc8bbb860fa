/** The media store: content-addressed files, `<tenant>/ab/cdef…`, apart for each tenant. */
import { access, mkdir, open, readdir, rm, stat, unlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import type { MediaStore } from "@switchboard/core/ports";
import type { MediaStream } from "@switchboard/domain";
import { SwitchboardError } from "@switchboard/domain/errors";
import { toStoreError } from "../failure.ts";
import { blobPath, isBlob } from "./paths.ts";
import { sniffMimeType } from "./sniff.ts";
import { PARTIAL_FOLDER, writeBlob } from "./write.ts";

/**
 * Makes the directory when it is not there.
 * @throws STORE_003 when it cannot be written.
 */
export async function openMediaStore(directory: string): Promise<MediaStore> {
  await mkdir(join(directory, PARTIAL_FOLDER), { recursive: true, mode: 0o700 }).catch((error) => {
    throw toStoreError(error, directory);
  });
  return {
    put: (tenant, data, options) => writeBlob(directory, tenant, data, options),
    read: async (tenant, blob, signal) => readBlob(blobPath(directory, tenant, blob), signal),

    async has(tenant, blob) {
      if (!isBlob(blob)) return false;
      return access(blobPath(directory, tenant, blob)).then(
        () => true,
        () => false,
      );
    },

    async remove(tenant, blob) {
      if (!isBlob(blob)) return false;
      const path = blobPath(directory, tenant, blob);
      return unlink(path).then(
        () => true,
        (error) => {
          if (isMissing(error)) return false;
          throw toStoreError(error, path);
        },
      );
    },

    prune: (before, keep) => prune(directory, before, keep),
  };
}

async function readBlob(path: string, signal: AbortSignal | undefined): Promise<MediaStream> {
  signal?.throwIfAborted();
  const file = await open(path, "r").catch((error) => {
    throw isMissing(error) ? new SwitchboardError("REQ_002", "There is no such file.") : toStoreError(error, path);
  });
  try {
    const { size } = await file.stat();
    const mimeType = await sniffMimeType(path);
    const bytes = file.createReadStream();
    if (signal) {
      const stop = () => bytes.destroy(signal.reason instanceof Error ? signal.reason : undefined);
      signal.addEventListener("abort", stop, { once: true });
      bytes.once("close", () => signal.removeEventListener("abort", stop));
    }
    const stream = Readable.toWeb(bytes) as unknown as ReadableStream<Uint8Array>;
    return { stream, size, ...(mimeType !== undefined && { mimeType }) };
  } catch (error) {
    await file.close();
    throw toStoreError(error, path);
  }
}

async function prune(directory: string, before: number, keep?: ReadonlySet<string>): Promise<number> {
  let removed = 0;
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || keep?.has(basename(entry.parentPath) + entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const found = await stat(path).catch(() => undefined);
    if (!found || found.mtimeMs >= before) continue;
    await rm(path, { force: true });
    removed += 1;
  }
  return removed;
}

function isMissing(error: unknown): boolean {
  return (error as { code?: unknown }).code === "ENOENT";
}
