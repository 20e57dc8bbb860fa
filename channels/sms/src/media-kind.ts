/** What a file is to people, by its media type. */
import type { AttachmentKind } from "@switchboard/domain";

export function kindOfType(mimeType: string): AttachmentKind {
  const [family] = mimeType.toLowerCase().split("/");
  return family === "image" || family === "video" || family === "audio" ? family : "document";
}
