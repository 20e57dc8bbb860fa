/** Files on their way to and from a platform, as streams. */
import type { IncomingMessage } from "node:http";
import { ReadableStream, type ReadableStreamDefaultController } from "node:stream/web";
import { type MediaStream, SwitchboardError, toSwitchboardError } from "@switchboard/domain";

/** @throws MSG_003 for what is larger. */
export function checkSize(size: number, maxBytes: number): void {
  if (size <= maxBytes) return;
  throw new SwitchboardError("MSG_003", `The file has ${size} bytes or more; at most ${maxBytes} are fetched.`);
}

/**
 * An answer as a file that somebody sent. `size` is what the platform told elsewhere, for answers that do not say. The
 * stream fails with MSG_003 as soon as more than `maxBytes` have passed, and with CONN_001 when it breaks off.
 */
export function mediaStream(
  response: IncomingMessage,
  { maxBytes, size }: { readonly maxBytes: number; readonly size?: number | undefined },
): MediaStream {
  const { "content-length": told, "content-type": mimeType } = response.headers;
  const length = Number(told ?? size);
  return {
    stream: streamOf(response, maxBytes) as MediaStream["stream"],
    // File servers call everything this that they do not know.
    ...(mimeType !== undefined && mimeType !== "application/octet-stream" && { mimeType }),
    ...(Number.isSafeInteger(length) && { size: length }),
  };
}

/** Reads nothing ahead. Cancelling lets go of the connection, also before the first read. */
function streamOf(response: IncomingMessage, maxBytes: number): ReadableStream<Uint8Array> {
  const bytes = limited(response, maxBytes);
  const source = {
    async pull(controller: ReadableStreamDefaultController<Uint8Array>) {
      const { done, value } = await bytes.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: () => void response.destroy(),
  };
  return new ReadableStream(source, { highWaterMark: 0 });
}

/** The bytes, with every trouble in our own words. Leaving early lets go of the connection. */
async function* limited(source: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let passed = 0;
  try {
    for await (const piece of source) {
      passed += piece.byteLength;
      checkSize(passed, maxBytes);
      yield piece;
    }
  } catch (thrown) {
    if (thrown instanceof SwitchboardError) throw thrown;
    throw new SwitchboardError("CONN_001", `The file broke off: ${toSwitchboardError(thrown).message}`);
  }
}

/** The bytes of a file that is sent. A body that breaks off is no message, so that fails with MSG_002. */
export async function* uploadBytes(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (thrown) {
    throw new SwitchboardError("MSG_002", `The file could not be read: ${toSwitchboardError(thrown).message}`);
  }
}

/** A file's name as it may stand between quotes in a header. */
export function headerName(name: string): string {
  return name
    .replaceAll('"', "%22")
    .replace(/[\r\n]/g, " ")
    .toWellFormed();
}
