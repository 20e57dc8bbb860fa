/** Files as the fields of a message. */
import type { PhotoSize, Sticker } from "@grammyjs/types";
import { imageSize } from "image-size";
import type { Files, NewFile, StoredFile } from "./files.ts";
import type { Content } from "./post.ts";

/** Longest side of a photo's small size. */
const SMALL = 90;

/** What an image's bytes tell; `undefined` when they are no image. */
export function measure(
  bytes: Uint8Array,
): { readonly width: number; readonly height: number; readonly mimeType: string } | undefined {
  try {
    const { width, height, type } = imageSize(bytes);
    return { width, height, mimeType: type === "jpg" ? "image/jpeg" : `image/${type}` };
  } catch {
    return undefined;
  }
}

/** Stores a file, measured where it is a picture. */
export function storeFile(files: Files, file: NewFile): StoredFile {
  const pictured = file.kind === "photo" || file.kind === "sticker";
  return files.add({ ...(pictured && measure(file.bytes)), ...file });
}

/** The fields of a message that shows the file. */
export function mediaContent(files: Files, file: StoredFile, extra: { readonly emoji?: string } = {}): Content {
  const { width = 512, height = 512, duration = 1 } = file;
  const same = { file_id: file.id, file_unique_id: file.uniqueId, file_size: file.size };
  const mime = file.mimeType === undefined ? {} : { mime_type: file.mimeType };
  const name = file.name === undefined ? {} : { file_name: file.name };
  switch (file.kind) {
    case "photo":
      return { photo: photoSizes(files, file) };
    case "video":
      return { video: { ...same, width, height, duration, ...name, mime_type: file.mimeType ?? "video/mp4" } };
    case "animation": {
      const animation = { ...same, width, height, duration, ...name, mime_type: file.mimeType ?? "video/mp4" };
      return { animation, document: { ...same, ...name, mime_type: animation.mime_type } };
    }
    case "audio":
      return { audio: { ...same, duration, ...name, mime_type: file.mimeType ?? "audio/mpeg" } };
    case "voice":
      return { voice: { ...same, duration, mime_type: file.mimeType ?? "audio/ogg" } };
    case "video_note":
      return { video_note: { ...same, duration, length: width } };
    case "sticker":
      return { sticker: sticker(file, extra.emoji) };
    default:
      return { document: { ...same, ...name, ...mime } };
  }
}

function photoSizes(files: Files, file: StoredFile): PhotoSize[] {
  const { width = SMALL, height = SMALL } = file;
  const full = { file_id: file.id, file_unique_id: file.uniqueId, file_size: file.size, width, height };
  const scale = SMALL / Math.max(width, height);
  if (scale >= 1) return [full];
  const small = files.addThumbnail(file, Math.round(width * scale) || 1, Math.round(height * scale) || 1);
  const { width: smallWidth = 1, height: smallHeight = 1 } = small;
  return [{ file_id: small.id, file_unique_id: small.uniqueId, width: smallWidth, height: smallHeight }, full];
}

function sticker(file: StoredFile, emoji = "🙂"): Sticker {
  return {
    file_id: file.id,
    file_unique_id: file.uniqueId,
    type: "regular",
    width: file.width ?? 512,
    height: file.height ?? 512,
    is_animated: file.mimeType === "application/x-tgsticker",
    is_video: file.mimeType === "video/webm",
    emoji,
    file_size: file.size,
  };
}
