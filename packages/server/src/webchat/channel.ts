/**
 * WebChat: the gateway's own page as a channel (CH-10). Its messages take the same durable way as everybody's; its
 * conversations are sessions, and an answer is delivered when it stands in the session's transcript, where every page
 * that is open or comes later finds it.
 */
import {
  type AccountId,
  type Channel,
  type ChannelId,
  type ConversationId,
  defineChannel,
  formatMarkdown,
  type InboundAttachment,
  type InboundEvent,
  type Json,
  type MediaStream,
  type MessageId,
  matches,
  type OperatorInstruction,
  type OutboundPart,
  type PeerId,
  type RawEvent,
  type SessionKey,
  SwitchboardError,
  sanitiseText,
  type TenantId,
} from "@switchboard/domain";
import { type Static, Type } from "@switchboard/domain/schema";

export const WEBCHAT = "webchat" as ChannelId;

/** What `chat.send` puts into the inbox. */
export const WebchatMessage = Type.Object({
  session: Type.String({ minLength: 1 }),
  run: Type.String({ minLength: 1 }),
  text: Type.String(),
  at: Type.Integer(),
  sender: Type.Object({ id: Type.String(), name: Type.String() }),
  deliver: Type.Optional(Type.Boolean()),
  queueMode: Type.Optional(Type.Enum(["collect", "followup", "interrupt"])),
  plain: Type.Optional(Type.Boolean()),
  overrides: Type.Optional(Type.Record(Type.String(), Type.String())),
  attachments: Type.Optional(
    Type.Array(
      Type.Object({
        kind: Type.Enum(["image", "video", "audio", "voice", "document"]),
        blob: Type.String(),
        mimeType: Type.Optional(Type.String()),
        fileName: Type.Optional(Type.String()),
        size: Type.Optional(Type.Integer()),
      }),
    ),
  ),
});
export type WebchatMessage = Static<typeof WebchatMessage>;

export interface WebchatHooks {
  /** Opens a file of the media store. Rejects with REQ_002 when there is none. */
  read(tenant: TenantId, blob: string, signal: AbortSignal): Promise<MediaStream>;

  /** Somebody who is not answering speaks into a session, e.g. a scheduled message. Must be harmless when repeated. */
  say(session: SessionKey, deliveryId: string, content: WebchatContent): Promise<void>;
}

/** What a delivery to WebChat carries. */
export interface WebchatContent {
  readonly text: string;
  readonly controls?: Json;
  readonly attachments?: Json;
}

const MEBIBYTE = 1024 * 1024;
const FILES = { maxBytes: 20 * MEBIBYTE } as const;
const NO_CONFIG = Type.Object({}, { additionalProperties: false });

export function createWebchat(hooks: WebchatHooks): Channel {
  return defineChannel({
    id: WEBCHAT,
    label: "WebChat",
    everyNode: true,
    transports: ["websocket"],
    capabilities: {
      text: { maxLength: 1_000_000, unit: "utf16" },
      attachments: { image: FILES, video: FILES, audio: FILES, voice: FILES, document: FILES },
      controls: { buttons: 100, selects: false, valueBytes: 4096 },
      threads: false,
      replies: false,
      edits: false,
      deletes: false,
      reactions: { in: false, out: false },
      receipts: { delivered: false, read: false },
      reconciles: false,
    },
    retry: { strategy: "fixed", maxAttempts: 3, initialDelayMs: 1000, maxDelayMs: 1000 },
    rateLimits: { account: { perSecond: 10_000, burst: 10_000 } },
    config: { schema: NO_CONFIG, secrets: [], env: {} },
    unbundle: (update) => [update as RawEvent],
    normalise: ({ payload }, { account }) => [readMessage(payload, account)],
    render: ({ body, controls, attachments }) => [
      part({
        text: formatMarkdown(body),
        ...(controls && { controls: controls as unknown as Json }),
        ...(attachments && { attachments: attachments as unknown as Json }),
      }),
    ],
    // Nothing is ever unknown here: the transcript tells.
    markDuplicate: (same) => same,
    parseTarget: (text) => ({ conversation: text as ConversationId, kind: "direct" }),
    open: async (account) => ({
      connect: async () => ({ self: { id: "gateway" as PeerId }, transport: "websocket" }),
      disconnect: async () => {},
      isConnected: () => true,
      async send(target, { payload }, { deliveryId, kind }) {
        if (kind === "direct") {
          await hooks.say(
            target.conversation as string as SessionKey,
            deliveryId,
            payload as unknown as WebchatContent,
          );
        }
        return { messageIds: [deliveryId as MessageId] };
      },
      download: (ref, signal) => hooks.read(account.tenant, (ref as { blob: string }).blob, signal),
    }),
  });
}

/** The raw event of a message; its key makes a repeated request harmless, also after a restart. */
export function webchatEvent(message: WebchatMessage): RawEvent {
  const key = webchatKey(message.session, message.run);
  return { key, lane: message.session, priority: "high", payload: message };
}

/** The event's key of a run. The last line is for what the inbox adds where a key is used again for something else. */
export function webchatKey(session: string, run: string): string {
  return `${session}\n${run}\n`;
}

/** Reads a key that `webchatKey` made, whatever was added to it. */
export function parseWebchatKey(key: string): { readonly session: SessionKey; readonly run: string } | undefined {
  const [first, last] = [key.indexOf("\n"), key.lastIndexOf("\n")];
  if (first < 1 || last - first < 2) return undefined;
  return { session: key.slice(0, first) as SessionKey, run: key.slice(first + 1, last) };
}

function readMessage(payload: Json, account: AccountId): InboundEvent {
  if (!matches(WebchatMessage, payload)) throw new SwitchboardError("MSG_001", "This is no WebChat message.");
  const attachments = (payload.attachments ?? []).map(
    ({ blob, ...file }): InboundAttachment => ({ ...file, ref: { blob } }) as InboundAttachment,
  );
  const operator: OperatorInstruction = {
    session: payload.session as SessionKey,
    run: payload.run,
    ...(payload.deliver !== undefined && { deliver: payload.deliver }),
    ...(payload.queueMode && { queueMode: payload.queueMode }),
    ...(payload.plain && { plain: true }),
    ...(payload.overrides && { overrides: payload.overrides }),
  };
  return {
    kind: "message",
    platform: WEBCHAT,
    account,
    conversation: { id: payload.session as ConversationId, kind: "direct" },
    sender: { id: payload.sender.id as PeerId, displayName: payload.sender.name },
    operator,
    messageId: payload.run as MessageId,
    content: {
      type: attachments[0]?.kind ?? "text",
      text: sanitiseText(payload.text, 1_000_000),
      ...(attachments.length > 0 && { attachments }),
    },
    at: payload.at,
    raw: payload,
  };
}

function part(content: WebchatContent): OutboundPart {
  return { payload: content as unknown as Json, preview: content.text.slice(0, 200).toWellFormed() };
}
