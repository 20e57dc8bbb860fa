/** What a file is by its content: what somebody says of it counts only where the content has nothing to say. */

/** So much of a file is looked at. */
const HEAD_BYTES = 4_100;

export interface Sniffed {
  /** The whole file again, its beginning included. */
  readonly stream: ReadableStream<Uint8Array>;
  /** Absent when neither the content nor a believable claim tells. */
  readonly mimeType?: string;
  /** The usual ending of such files without the dot, when the content told. */
  readonly extension?: string;
}

/** Reads the beginning and no more. @throws what the stream does. */
export async function sniff(stream: ReadableStream<Uint8Array>, claimed?: string): Promise<Sniffed> {
  const reader = stream.getReader();
  const head: Uint8Array[] = [];
  let size = 0;
  let done = false;
  try {
    while (size < HEAD_BYTES && !done) {
      const piece = await reader.read();
      done = piece.done;
      if (!piece.value) continue;
      head.push(piece.value);
      size += piece.value.byteLength;
    }
  } catch (error) {
    await reader.cancel(error).catch(() => {});
    throw error;
  }
  const found = await typeOf(Buffer.concat(head).subarray(0, HEAD_BYTES));
  const mimeType = believed(found?.mime, claimed);
  return {
    stream: rejoined(head, reader, done),
    ...(mimeType !== undefined && { mimeType }),
    ...(found && mimeType === believed(found.mime, undefined) && { extension: found.ext }),
  };
}

async function typeOf(head: Uint8Array): Promise<{ readonly mime: string; readonly ext: string } | undefined> {
  try {
    // Loaded with the first file.
    const { fileTypeFromBuffer } = await import("file-type");
    return await fileTypeFromBuffer(head);
  } catch {
    return undefined;
  }
}

/** Containers whose beginning does not always tell what is in them. */
const CONTAINERS = new Set(["application/zip", "application/x-cfb", "application/xml", "text/xml", "application/gzip"]);
/** Families whose files always begin with a mark: without it the claim is wrong. */
const MARKED = /^(?:image|audio|video)\/(?!svg\+xml$)/;

/** Containers that hold sound or moving pictures alike: which of the two, the claim may know better. */
const ALIKE: readonly ReadonlySet<string>[] = [
  new Set(["application/ogg", "audio/ogg", "video/ogg"]),
  new Set(["video/mp4", "audio/mp4"]),
  new Set(["video/webm", "audio/webm"]),
  new Set(["video/3gpp", "audio/3gpp"]),
];

/** Names that platforms do not know, and what they call the same. */
const COMMON: Readonly<Record<string, string>> = {
  "image/apng": "image/png",
  "audio/x-m4a": "audio/mp4",
  "audio/x-flac": "audio/flac",
  "audio/vnd.wave": "audio/wav",
  "video/x-m4v": "video/mp4",
};

/** The type in lower case without parameters, by its most common name. */
export function believed(mime: string | undefined, claimed: string | undefined): string | undefined {
  const plain = mime?.split(";")[0]?.trim();
  const found = plain === undefined ? undefined : (COMMON[plain] ?? plain);
  const claim = claimed?.split(";")[0]?.trim().toLowerCase();
  const readable = claim !== undefined && /^[a-z0-9.+-]+\/[a-z0-9.+_-]+$/.test(claim) ? claim : undefined;
  if (found === undefined) return readable !== undefined && !MARKED.test(readable) ? readable : undefined;
  if (readable !== undefined && ALIKE.some((group) => group.has(found) && group.has(readable))) return readable;
  if (CONTAINERS.has(found) && readable !== undefined && !MARKED.test(readable)) return readable;
  return found;
}

function rejoined(
  head: Uint8Array[],
  reader: ReadableStreamDefaultReader<Uint8Array>,
  done: boolean,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const first = head.shift();
        if (first) return controller.enqueue(first);
        const { value } = done ? {} : await reader.read();
        if (value) controller.enqueue(value);
        else controller.close();
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
