/** Stored calls as events that any channel could have made. Pure. */
import {
  type AccountId,
  type ConversationId,
  type InboundAttachment,
  type InboundContent,
  type InboundEvent,
  type MessageId,
  type PeerId,
  type RawEvent,
  SwitchboardError,
  sanitiseName,
  sanitiseText,
} from "@switchboard/domain";
import { deliveryFailure } from "./delivery-codes.ts";
import { CHANNEL_ID, isAddress } from "./ids.ts";
import { kindOfType } from "./media-kind.ts";
import { keywordOf } from "./opt-out.ts";
import { messageSid, type Params, paramsOf, text } from "./updates.ts";

/** Twilio takes ten files a message. */
const MOST_FILES = 10;

type Base = Pick<InboundEvent, "platform" | "account" | "raw" | "conversation" | "at">;

/** @throws MSG_001 for a message without its SID or sender, MSG_003 for a text that is too long. */
export function normalise({ payload }: RawEvent, { account }: { readonly account: AccountId }): InboundEvent[] {
  const params = paramsOf(payload);
  const status = text(params, "MessageStatus");
  const other = text(params, status === undefined ? "From" : "To");
  const sid = messageSid(params);
  const base: Base = {
    platform: CHANNEL_ID,
    account,
    raw: payload,
    conversation: { id: (other ?? "0") as ConversationId, kind: "direct" },
    at: dateOf(params),
  };
  if (sid === undefined) return [{ ...base, kind: "unsupported", what: whatElse(params) }];
  if (other === undefined) throw new SwitchboardError("MSG_001", "The call does not say whose message it is about.");
  if (!isAddress(other)) return [{ ...base, kind: "unsupported", what: "a message that is no SMS" }];
  if (status !== undefined) return [readStatus(base, sid as MessageId, status, text(params, "ErrorCode"))];
  return [readMessage(base, sid as MessageId, other as PeerId, params)];
}

function readMessage(base: Base, messageId: MessageId, from: PeerId, params: Params): InboundEvent {
  const body = sanitiseText(text(params, "Body") ?? "");
  const name = text(params, "ProfileName");
  const sender = { id: from, ...(name !== undefined && { displayName: sanitiseName(name) }) };
  switch (keywordOf(body, text(params, "OptOutType"))) {
    case "stop":
      return { ...base, sender, kind: "membership", subject: "self", change: "blocked" };
    case "start":
      return { ...base, sender, kind: "membership", subject: "self", change: "unblocked" };
    case "help":
      return { ...base, sender, kind: "unsupported", what: "HELP, which is answered without the agent" };
  }
  const content = contentOf(body, attachmentsOf(params));
  if (!content) return { ...base, sender, kind: "unsupported", what: "an empty message" };
  return { ...base, sender, kind: "message", messageId, content };
}

function contentOf(body: string, attachments: readonly InboundAttachment[]): InboundContent | undefined {
  const [first] = attachments;
  if (!first) return body === "" ? undefined : { type: "text", text: body };
  return { type: first.kind, ...(body !== "" && { text: body }), attachments };
}

function attachmentsOf(params: Params): InboundAttachment[] {
  const count = Math.min(MOST_FILES, Math.trunc(Number(text(params, "NumMedia") ?? 0)) || 0);
  const found: InboundAttachment[] = [];
  for (let index = 0; index < count; index++) {
    const url = text(params, `MediaUrl${index}`);
    const mimeType = text(params, `MediaContentType${index}`);
    if (url === undefined) continue;
    found.push({
      kind: kindOfType(mimeType ?? ""),
      ref: { url },
      ...(mimeType !== undefined && { mimeType: sanitiseName(mimeType) }),
    });
  }
  return found;
}

/** `sent` only says that a carrier has it: the phone may still be off. */
function readStatus(base: Base, messageId: MessageId, status: string, code: string | undefined): InboundEvent {
  const messageIds = [messageId];
  switch (status) {
    case "delivered":
    case "read":
      return { ...base, kind: "receipt", messageIds, status };
    case "undelivered":
    case "failed":
    case "canceled":
      return { ...base, kind: "receipt", messageIds, status: "failed", reason: deliveryFailure(status, code) };
    default:
      return { ...base, kind: "unsupported", what: `status ${sanitiseName(status)}` };
  }
}

/** Webhook calls do not say when; messages that were read from the list do. */
function dateOf(params: Params): number {
  const at = Date.parse(text(params, "DateSent") ?? "");
  return Number.isSafeInteger(at) && at > 0 ? at : 0;
}

function whatElse(params: Params): string {
  return text(params, "CallSid") === undefined ? "a call about no message" : "a telephone call";
}
