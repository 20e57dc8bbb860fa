/** Files that must be whole before they can go on: to count their bytes, or to change them. */
import { randomUUID } from "node:crypto";
import { mkdir, open, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { SwitchboardError } from "@switchboard/domain/errors";
import { tooLarge } from "./limited-stream.ts";

export interface Spooled {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** The content once; the file is gone when that has ended, however it ends. */
  stream(signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
  remove(): Promise<void>;
}

export interface Spool {
  /** Nothing is left of what fails. @throws MSG_003 beyond `maxBytes`, STORE_002, STORE_003, or what the stream throws. */
  write(source: ReadableStream<Uint8Array>, maxBytes: number, signal: AbortSignal): Promise<Spooled>;
  /** The path of a file that does not exist yet, for others to write. */
  fresh(): string;
  /** Takes over a file that was written to a `fresh` path. */
  adopt(path: string): Promise<Spooled>;
}

/** Empties the folder: what a process that was killed left there is nobody's. @throws STORE_003. */
export async function openSpool(directory: string): Promise<Spool> {
  try {
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw diskError(error);
  }
  const fresh = () => join(directory, randomUUID());
  const spool: Spool = {
    fresh,
    async write(source, maxBytes, signal) {
      const path = fresh();
      try {
        await receive(path, source, maxBytes, signal);
        return await spool.adopt(path);
      } catch (error) {
        await source.cancel(error).catch(() => {});
        await rm(path, { force: true });
        throw error;
      }
    },
    async adopt(path) {
      const { size } = await stat(path);
      const remove = () => rm(path, { force: true });
      return { path, size, remove, stream: (signal) => onceOf(path, remove, signal) };
    },
  };
  return spool;
}

async function receive(
  path: string,
  source: ReadableStream<Uint8Array>,
  maxBytes: number,
  signal: AbortSignal,
): Promise<void> {
  const file = await open(path, "wx", 0o600).catch((error) => {
    throw diskError(error);
  });
  try {
    let size = 0;
    for await (const chunk of source.values({ preventCancel: true })) {
      signal.throwIfAborted();
      size += chunk.byteLength;
      if (size > maxBytes) throw tooLarge(maxBytes);
      for (let from = 0; from < chunk.byteLength; ) {
        const { bytesWritten } = await file.write(chunk, from).catch((error) => {
          throw diskError(error);
        });
        from += bytesWritten;
      }
    }
  } finally {
    await file.close();
  }
}

async function onceOf(
  path: string,
  remove: () => Promise<void>,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  try {
    signal.throwIfAborted();
    const file = await open(path, "r");
    const bytes = file.createReadStream();
    const stop = () => bytes.destroy(signal.reason instanceof Error ? signal.reason : undefined);
    signal.addEventListener("abort", stop, { once: true });
    bytes.once("close", () => {
      signal.removeEventListener("abort", stop);
      void remove();
    });
    return Readable.toWeb(bytes) as unknown as ReadableStream<Uint8Array>;
  } catch (error) {
    await remove();
    throw error;
  }
}

function diskError(error: unknown): SwitchboardError {
  const { code, message } = error as NodeJS.ErrnoException;
  const full = code === "ENOSPC" || code === "EDQUOT";
  return new SwitchboardError(full ? "STORE_002" : "STORE_003", `A temporary file could not be written: ${message}`, {
    cause: error,
  });
}
