/** Files of a call: uploaded with it, known by id, or fetched from an address. */
import { basename } from "node:path";
import { badRequest } from "../failure.ts";
import type { FileKind, StoredFile } from "../world/files.ts";
import { measure, storeFile } from "../world/media.ts";
import type { Call } from "./call.ts";
import type { Params, Upload } from "./params.ts";

const PHOTO_BYTES = 10 * 1024 * 1024;
/** Largest file that Telegram fetches for a bot. */
const FETCHED_BYTES = 20 * 1024 * 1024;
const FETCH_MS = 20_000;

const names: Readonly<Record<FileKind, string>> = {
  photo: "photo",
  video: "video",
  animation: "animation",
  audio: "audio",
  voice: "voice",
  video_note: "video note",
  document: "document",
  sticker: "sticker",
  thumbnail: "thumbnail",
};

/** What else a call says of the file. */
export interface FileFacts {
  readonly width?: number;
  readonly height?: number;
  readonly duration?: number;
}

/** The file under a parameter; `facts` are the ones beside it. Throws 400 when there is none. */
export async function inputFile(call: Call, field: string, kind: FileKind, facts: Params): Promise<StoredFile> {
  const uploaded = call.params.upload(field);
  if (uploaded) return keep(call, uploaded, kind, facts);
  return namedFile(call, facts.text(field), kind, facts);
}

/** The file that a value names: `attach://…`, an address or a file id. */
export async function namedFile(
  call: Call,
  value: string | undefined,
  kind: FileKind,
  facts: Params,
): Promise<StoredFile> {
  const missing = badRequest(`there is no ${names[kind]} in the request`);
  if (value === undefined || value === "") throw missing;
  if (value.startsWith("attach://")) {
    const attached = call.params.upload(value.slice("attach://".length));
    if (!attached) throw missing;
    return keep(call, attached, kind, facts);
  }
  if (/^https?:\/\//i.test(value)) return keep(call, await fetched(value), kind, facts);
  const known = call.world.files.byId(value);
  if (!known) throw badRequest("wrong file identifier/HTTP URL specified");
  if (known.kind !== kind) {
    throw badRequest(`can't use file of type ${titled(known.kind)} as ${titled(kind)}`);
  }
  return known;
}

function keep({ world }: Call, upload: Upload, kind: FileKind, facts: Params): StoredFile {
  const { bytes } = upload;
  if (bytes.byteLength === 0) throw badRequest("file must be non-empty");
  if (kind === "photo") {
    if (bytes.byteLength > PHOTO_BYTES) {
      throw badRequest(
        `file of size ${bytes.byteLength} bytes is too big for a photo; the maximum size is ${PHOTO_BYTES} bytes`,
      );
    }
    const size = measure(bytes);
    if (!size) throw badRequest("IMAGE_PROCESS_FAILED");
    const ratio = size.width / size.height;
    if (size.width + size.height > 10_000 || ratio > 20 || ratio < 1 / 20) throw badRequest("PHOTO_INVALID_DIMENSIONS");
  }
  return storeFile(world.files, { kind, ...upload, ...readFacts(kind, facts) });
}

function readFacts(kind: FileKind, params: Params): FileFacts {
  const width = params.integer(kind === "video_note" ? "length" : "width");
  const height = params.integer("height");
  const duration = params.integer("duration");
  return {
    ...(width && { width }),
    ...(height && { height }),
    ...(duration && { duration }),
  };
}

async function fetched(url: string): Promise<Upload> {
  const failed = badRequest("failed to get HTTP URL content");
  let answer: Response;
  try {
    answer = await fetch(url, { signal: AbortSignal.timeout(FETCH_MS) });
  } catch {
    throw failed;
  }
  if (!answer.ok) throw failed;
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (bytes.byteLength > FETCHED_BYTES) throw badRequest("wrong file identifier/HTTP URL specified");
  const mimeType = answer.headers.get("content-type")?.split(";")[0];
  if (mimeType === "text/html") throw badRequest("wrong type of the web page content");
  const name = basename(new URL(url).pathname);
  return { bytes, ...(name && { name }), ...(mimeType && { mimeType }) };
}

function titled(kind: FileKind): string {
  return names[kind].replace(/(^| )./g, (letter) => letter.trim().toUpperCase());
}
