/** A message of a transcript, as chat clients draw it. */
import { type Static, Type } from "@switchboard/domain/schema";
import { Count, Text, Time } from "../schema.ts";

/** A piece of a message. Clients skip kinds they do not know. */
export const MessagePart = Type.Union([
  Type.Object({ type: Type.Literal("text"), text: Type.String() }),
  Type.Object({ type: Type.Literal("thinking"), thinking: Type.String() }),
  /** A file: fetch the bytes of `blob` with `media.get`, or open `url`. */
  Type.Object({
    type: Type.Enum(["image", "video", "audio", "voice", "document", "sticker"]),
    mimeType: Type.Optional(Type.String()),
    fileName: Type.Optional(Type.String()),
    sizeBytes: Type.Optional(Count),
    blob: Type.Optional(Text),
    url: Type.Optional(Text),
  }),
  /** Rows of buttons, links and selects that were offered. */
  Type.Object({ type: Type.Literal("controls"), controls: Type.Array(Type.Array(Type.Unknown())) }),
]);
export type MessagePart = Static<typeof MessagePart>;

export const ChatMessage = Type.Object({
  /** `note`: something nobody said, e.g. an edit or a failure. */
  role: Type.Enum(["user", "assistant", "system", "note"]),
  content: Type.Array(MessagePart),
  timestamp: Time,
  sender: Type.Optional(Type.String()),
  runId: Type.Optional(Text),
  /** The answer is not whole: stopped or broken off. */
  partial: Type.Optional(Type.Boolean()),
  __openclaw: Type.Optional(
    Type.Object({
      id: Text,
      /** Grows within a session. */
      seq: Count,
      kind: Type.Optional(Type.String()),
    }),
  ),
});
export type ChatMessage = Static<typeof ChatMessage>;
