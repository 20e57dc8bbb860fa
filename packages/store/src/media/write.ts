/** Puts content into the media store: into a file of its own first, under its final name when it is whole. */
import { createHash, randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { StoredMedia } from "@switchboard/core/ports";
import { SwitchboardError } from "@switchboard/domain/errors";
import { toStoreError } from "../failure.ts";
import { blobPath } from "./paths.ts";
import { sniffMimeType } from "./sniff.ts";

export const PARTIAL_FOLDER = ".partial";

type Data = Uint8Array | ReadableStream<Uint8Array>;

export async function writeBlob(
  directory: string,
  tenant: string,
  data: Data,
  { maxBytes, signal }: { readonly maxBytes: number; readonly signal?: AbortSignal },
): Promise<StoredMedia> {
  const partial = join(directory, PARTIAL_FOLDER, randomUUID());
  try {
    const { blob, size } = await receive(partial, data, maxBytes, signal);
    const mimeType = await sniffMimeType(partial);
    await settle(partial, blobPath(directory, tenant, blob), directory);
    return { blob, size, ...(mimeType !== undefined && { mimeType }) };
  } catch (error) {
    await rm(partial, { force: true }).catch(() => {});
    throw error;
  }
}

async function receive(
  path: string,
  data: Data,
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<{ blob: string; size: number }> {
  const hash = createHash("sha256");
  const file = await disk(path, () => open(path, "wx", 0o600));
  let size = 0;
  try {
    for await (const chunk of chunksOf(data)) {
      signal?.throwIfAborted();
      size += chunk.byteLength;
      if (size > maxBytes) {
        throw new SwitchboardError("MSG_003", `The file has more than ${maxBytes} bytes.`, { details: { maxBytes } });
      }
      hash.update(chunk);
      await disk(path, () => writeWhole(file, chunk));
    }
    signal?.throwIfAborted();
    await disk(path, () => file.sync());
  } finally {
    await file.close();
  }
  return { blob: hash.digest("hex"), size };
}

/** A rename also makes what is there already young again, so that it is not pruned under the new user's hands. */
async function settle(partial: string, path: string, directory: string): Promise<void> {
  await disk(path, async () => {
    const made = await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await rename(partial, path);
    // The name is durable when every folder on the way to it is.
    for (let folder = dirname(path); folder.startsWith(directory); folder = dirname(folder)) {
      await syncFolder(folder);
      if (made === undefined) break;
    }
  });
}

async function syncFolder(path: string): Promise<void> {
  // Windows cannot open folders; there a rename is durable by itself.
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function writeWhole(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let from = 0; from < chunk.byteLength; ) from += (await file.write(chunk, from)).bytesWritten;
}

function chunksOf(data: Data): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  return data instanceof Uint8Array ? [data] : data;
}

/** What the disk refuses becomes an error of the store; what the reader of a stream throws stays what it is. */
async function disk<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toStoreError(error, path);
  }
}
