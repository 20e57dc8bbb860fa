/** What a file is called where it goes. */
import { type AttachmentKind, sanitiseFileName } from "@switchboard/domain";

const EXTENSIONS: Readonly<Record<string, string>> = {
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/webp": "webp",
  "image/gif": "gif",
  "video/mp4": "mp4",
  "audio/mpeg": "mp3",
  "audio/ogg": "ogg",
  "application/pdf": "pdf",
  "text/plain": "txt",
};

/**
 * The first of `names` that leaves something when it is made safe, else one made of the kind and the type. Platforms and
 * people go by the ending, so a name without one gets it.
 */
export function fileNameOf(
  kind: AttachmentKind,
  mimeType: string,
  names: readonly (string | undefined)[],
  extension: string | undefined = EXTENSIONS[mimeType],
): string {
  const name = names.map((each) => each && sanitiseFileName(each)).find((each) => each);
  if (name === undefined) return `${kind}.${extension ?? "bin"}`;
  return extension !== undefined && !/\.[A-Za-z0-9]{1,16}$/.test(name) ? `${name}.${extension}` : name;
}

/** The name with the ending of another type. */
export function renamed(name: string, mimeType: string): string {
  const extension = EXTENSIONS[mimeType];
  return extension === undefined ? name : `${name.replace(/\.[A-Za-z0-9]{1,16}$/, "")}.${extension}`;
}
