/** What an agent outside is asked, and what it may answer: the same over webhooks and over the WebSocket (TEN-6). */
import { type Static, Type } from "@switchboard/domain/schema";
import { Closed, Count, Open, Text, Time } from "../schema.ts";

const AttachmentKind = Type.Enum(["image", "video", "audio", "voice", "document", "sticker"]);

/** A file that came in. `data`: its bytes, base64; absent when it is too large, cannot be fetched, or was in the past. */
const TurnAttachment = Closed({
  kind: AttachmentKind,
  mimeType: Type.Optional(Type.String()),
  fileName: Type.Optional(Type.String()),
  size: Type.Optional(Count),
  data: Type.Optional(Type.String()),
  missing: Type.Optional(Type.Enum(["too-large", "not-fetched"])),
});
export type TurnAttachment = Static<typeof TurnAttachment>;

/** One turn: what people wrote, and what an agent needs to answer it. */
export const AgentTurn = Closed({
  tenant: Text,
  agent: Text,
  /** The same at every try. */
  turn: Text,
  /** `id` changes when the history starts anew. */
  session: Closed({ key: Text, id: Text }),
  conversation: Type.Optional(
    Closed({
      channel: Text,
      account: Text,
      id: Text,
      kind: Type.Enum(["direct", "group", "channel"]),
      thread: Type.Optional(Text),
    }),
  ),
  /** What the answer may be made of there; absent: it goes into the transcript only. */
  capabilities: Type.Optional(
    Closed({
      maxLength: Count,
      attachments: Type.Array(AttachmentKind),
      buttons: Count,
      edits: Type.Boolean(),
      streams: Type.Boolean(),
    }),
  ),
  /** What is new, oldest first. `text` is Markdown. */
  messages: Type.Array(
    Closed({
      text: Type.String(),
      at: Time,
      sender: Type.Optional(Type.String()),
      attachments: Type.Array(TurnAttachment),
    }),
  ),
  /** What was said before, oldest first. */
  history: Type.Array(
    Closed({
      role: Type.Enum(["user", "assistant", "note"]),
      text: Type.String(),
      at: Time,
      sender: Type.Optional(Type.String()),
      attachments: Type.Optional(Type.Array(TurnAttachment)),
    }),
  ),
  /** Preferences of the session and of this turn, e.g. `verbosity`. */
  parameters: Type.Record(Type.String(), Type.String()),
  instructions: Type.Optional(Type.String()),
  /** What the agent returned as its state at the end of the session's last turn. */
  state: Type.Optional(Type.String()),
  /**
   * How to answer later: POST the answer to `url` with `Authorization: Bearer <token>`. The token is for this turn alone,
   * and good until `until`; absent: answer now.
   */
  reply: Type.Optional(Closed({ url: Text, token: Text, until: Time })),
});
export type AgentTurn = Static<typeof AgentTurn>;

const AnswerAttachment = Open({
  kind: Type.Optional(AttachmentKind),
  url: Type.Optional(Type.String({ pattern: "^https?://", maxLength: 4_096 })),
  data: Type.Optional(Type.String({ minLength: 1, description: "Base64." })),
  mimeType: Type.Optional(Type.String({ pattern: "^[\\w.+-]+/[\\w.+-]+$", maxLength: 128 })),
  fileName: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
  caption: Type.Optional(Type.String({ maxLength: 4_096 })),
});
export type AnswerAttachment = Static<typeof AnswerAttachment>;

/** Either comes back as the person's next message, or opens an address. */
const AnswerButton = Open({
  label: Type.String({ minLength: 1, maxLength: 200 }),
  value: Type.Optional(Type.String({ minLength: 1, maxLength: 2_000, description: "Default the label." })),
  url: Type.Optional(Type.String({ pattern: "^https?://", maxLength: 4_096 })),
  style: Type.Optional(Type.Enum(["primary", "danger"])),
});

/** No run uses more; beyond it a number is a mistake, and would count against the tenant's limits. */
export const MOST_TOKENS = 1_000_000_000;
const Tokens = Type.Integer({ minimum: 0, maximum: MOST_TOKENS });

/** An answer; of a streamed one, its end. Fields that are not known are ignored. */
export const AgentAnswer = Open({
  text: Type.Optional(Type.String({ maxLength: 1_000_000, description: "Markdown. After a stream it has no effect." })),
  thinking: Type.Optional(Type.String({ maxLength: 1_000_000 })),
  buttons: Type.Optional(Type.Array(AnswerButton, { maxItems: 24 })),
  attachments: Type.Optional(Type.Array(AnswerAttachment, { maxItems: 10 })),
  /** Nothing is to be said, and that is no mistake. */
  silent: Type.Optional(Type.Boolean()),
  /** Comes back with the session's next turn. */
  state: Type.Optional(Type.String({ maxLength: 65_536 })),
  usage: Type.Optional(
    Open({
      model: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
      inputTokens: Type.Optional(Tokens),
      outputTokens: Type.Optional(Tokens),
    }),
  ),
});
export type AgentAnswer = Static<typeof AgentAnswer>;
