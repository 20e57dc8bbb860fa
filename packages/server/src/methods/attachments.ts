/** Files that come with a request: bytes go into the media store, messages carry the blob's name. */
import type { MediaStore } from "@switchboard/core";
import { type AttachmentKind, SwitchboardError, type TenantId } from "@switchboard/domain";
import type { Params } from "@switchboard/protocol";
import type { WebchatMessage } from "../webchat/channel.ts";

type Wire = NonNullable<Params<"chat.send">["attachments"]>[number];

export async function storeAttachments(
  files: readonly Wire[] | undefined,
  tenant: TenantId,
  media: MediaStore,
  maxBytes: number,
): Promise<WebchatMessage["attachments"]> {
  if (!files?.length) return undefined;
  return Promise.all(
    files.map(async (file) => {
      const stored = await storeOne(file, tenant, media, maxBytes);
      const mimeType = stored.mimeType ?? file.mimeType;
      return {
        kind: kindOf(mimeType),
        blob: stored.blob,
        ...(mimeType !== undefined && { mimeType }),
        ...(file.fileName !== undefined && { fileName: baseName(file.fileName) }),
        ...(stored.size !== undefined && { size: stored.size }),
      };
    }),
  );
}

/** @throws REQ_001 for what is no base64, MSG_003 for what is too large. */
export function decodeBase64(text: string, maxBytes: number): Uint8Array {
  const content = text.startsWith("data:") ? text.slice(text.indexOf(",") + 1) : text;
  if (content.length > Math.ceil(maxBytes / 3) * 4 + 4) {
    throw new SwitchboardError("MSG_003", `A file may have at most ${maxBytes} bytes.`);
  }
  const bytes = Buffer.from(content, "base64");
  if (bytes.length === 0) throw new SwitchboardError("REQ_001", "A file's content must be base64 and not empty.");
  return bytes;
}

/** What to show a file as, by its type. */
export function kindOf(mimeType: string | undefined): Exclude<AttachmentKind, "sticker" | "voice"> {
  const [family] = mimeType?.split("/") ?? [];
  return family === "image" || family === "video" || family === "audio" ? family : "document";
}

/** A file name without its folders. */
export function baseName(fileName: string): string {
  return fileName.split(/[\\/]/).at(-1)?.slice(0, 255) || "file";
}

async function storeOne(
  file: Wire,
  tenant: TenantId,
  media: MediaStore,
  maxBytes: number,
): Promise<{ blob: string; size?: number | undefined; mimeType?: string | undefined }> {
  if (file.blob !== undefined) {
    if (!(await media.has(tenant, file.blob))) throw new SwitchboardError("REQ_002", `There is no file ${file.blob}.`);
    return { blob: file.blob, size: file.sizeBytes };
  }
  if (file.content === undefined) throw new SwitchboardError("REQ_001", "An attachment needs content or blob.");
  return media.put(tenant, decodeBase64(file.content, maxBytes), { maxBytes });
}
