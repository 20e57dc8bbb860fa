/** Files of messages. */
import type { AttachmentKind } from "@switchboard/domain";
import type { Channel, Stored } from "./types.ts";
import type { World } from "./world.ts";

/** Keeps a file and gives it as Discord shows it. */
export function addFile(
  world: World,
  channel: Channel,
  name: string,
  mimeType: string,
  bytes: Uint8Array,
  kind?: AttachmentKind,
) {
  const id = world.nextId();
  const stored: Stored = { id, name, mimeType, kind: kind ?? kindOf(mimeType) };
  world.files.set(id, stored);
  world.journal.put("file", id, () => stored);
  world.bytes.put(id, bytes);
  const url = `${world.url()}/attachments/${channel.id}/${id}/${encodeURIComponent(name)}`;
  return { id, filename: name, size: bytes.byteLength, url, proxy_url: url, content_type: mimeType };
}

function kindOf(mimeType: string): AttachmentKind {
  const [family] = mimeType.split("/", 1);
  return family === "image" || family === "video" || family === "audio" ? family : "document";
}
