/** Messages as whoever drives the simulator sees them. */
import type { AttachmentKind, ConversationId, MessageId, SimulatedMessage } from "@switchboard/domain";
import type { StoredMessage } from "./world/message.ts";
import type { World } from "./world/world.ts";

/** What the account itself had sent; Twilio's own answers to STOP and the like are not among it. */
export function isSent({ direction }: StoredMessage): boolean {
  return direction === "outbound-api";
}

export function viewOf(world: World, message: StoredMessage): SimulatedMessage {
  return {
    id: message.sid as MessageId,
    conversation: message.phone as ConversationId,
    text: message.body,
    controls: [],
    attachments: message.media.map(({ contentType, name, sid }) => ({
      kind: kindOf(contentType),
      mimeType: contentType,
      ...(name !== undefined && { fileName: name }),
      bytes: world.bytes.get(sid) ?? new Uint8Array(),
    })),
    at: message.at,
    edits: 0,
    deleted: false,
  };
}

export function kindOf(contentType: string): AttachmentKind {
  const [family] = contentType.split("/");
  return family === "image" || family === "video" || family === "audio" ? family : "document";
}
