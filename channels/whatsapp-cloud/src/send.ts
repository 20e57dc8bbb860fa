/** What is sent: in the 24 hours after somebody wrote anything, later a template only. */
import { fields, items, text } from "@switchboard/channel-kit/json";
import {
  type AccountContext,
  type MessageId,
  type OutboundPart,
  type SendAttempt,
  type SendReceipt,
  SwitchboardError,
  type Target,
} from "@switchboard/domain";
import type { GraphApi } from "./api.ts";
import type { WhatsAppConfig } from "./config.ts";
import { metaCode, WINDOW_ACTION, WINDOW_CLOSED } from "./errors.ts";
import { mediaField, upload } from "./files.ts";
import { addressOf, messageId } from "./ids.ts";
import { type Content, messageBody } from "./messages.ts";
import { fromPart, type Payload } from "./payload.ts";
import { template } from "./template.ts";
import type { Window } from "./window.ts";

export interface Sender {
  readonly api: GraphApi;
  readonly context: AccountContext<WhatsAppConfig>;
  readonly window: Window;
}

/** @throws SYS_001, MSG_004 outside the window without a template, MSG_005, and what the API's calls throw. */
export async function sendPart(
  sender: Sender,
  target: Target,
  part: OutboundPart,
  attempt: SendAttempt,
): Promise<SendReceipt> {
  if (attempt.signal.aborted) throw new SwitchboardError("SYS_001", "The send was stopped before it began.");
  const payload = fromPart(part);
  const free = payload.type !== "template";
  if (free && (await isOutside(sender, target.conversation)))
    return sendOutside(sender, target, part, payload, attempt);
  const content = await contentOf(sender, target, payload, attempt.signal);
  try {
    return await post(sender, target, payload, content, attempt);
  } catch (thrown) {
    if (!free || metaCode(thrown) !== WINDOW_CLOSED || !sender.context.config.outsideWindow) throw thrown;
    return sendOutside(sender, target, part, payload, attempt);
  }
}

/** Of somebody who never wrote here Meta knows more than the notes do: without a template to send it is asked. */
async function isOutside({ context, window }: Sender, conversation: Target["conversation"]): Promise<boolean> {
  const state = await window.state(conversation);
  return state === "closed" || (state === "unknown" && context.config.outsideWindow !== undefined);
}

/** The template of the settings in place of a message; one for all parts of it. @throws MSG_004 without one. */
async function sendOutside(
  sender: Sender,
  target: Target,
  part: OutboundPart,
  payload: Payload,
  attempt: SendAttempt,
): Promise<SendReceipt> {
  const { outsideWindow } = sender.context.config;
  if (!outsideWindow || payload.follows) {
    const why = outsideWindow ? "The template went out in its place." : "WhatsApp takes only templates then.";
    throw new SwitchboardError("MSG_004", `The person has not written for 24 hours. ${why}`, {
      action: WINDOW_ACTION,
      scope: "conversation",
      details: { code: WINDOW_CLOSED },
    });
  }
  const { language, parameters, template: name } = outsideWindow;
  const filled = parameters.map((each) => each.replaceAll("{text}", () => part.preview));
  return post(sender, target, payload, { type: "template", template: template(name, language, filled) }, attempt);
}

async function post(
  { api, context }: Sender,
  target: Target,
  payload: Payload,
  content: Content,
  attempt: SendAttempt,
): Promise<SendReceipt> {
  const { conversation, replyTo } = target;
  const envelope = {
    to: addressOf(conversation).person,
    delivery: attempt.deliveryId,
    ...(replyTo !== undefined && !payload.follows && { replyTo: replyTo as string }),
  };
  const answer = await api.call({
    kind: "send",
    method: "POST",
    path: `${numberFor(context.config, conversation)}/messages`,
    body: messageBody(envelope, content),
    signal: attempt.signal,
  });
  const messageIds = items(answer.messages).flatMap((each): MessageId[] => {
    const id = text(fields(each).id);
    return id === undefined ? [] : [messageId(id)];
  });
  return { messageIds };
}

async function contentOf(
  { api, context }: Sender,
  { conversation }: Target,
  payload: Payload,
  signal: AbortSignal,
): Promise<Content> {
  switch (payload.type) {
    case "text":
      return { type: "text", payload, preview: context.config.linkPreviews };
    case "interactive":
      return { type: "interactive", payload };
    case "location":
    case "contacts":
      return { type: "card", payload };
    case "template":
      return { type: "template", template: payload.template };
    case "media": {
      const from = numberFor(context.config, conversation);
      const { fileName, id, mimeType } = await upload(api, context, from, payload, signal);
      const field = mediaField(payload);
      const { caption, kind } = payload;
      const media = {
        id,
        ...(caption && { caption }),
        ...(field === "document" && { filename: fileName }),
        // https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/audio-messages/
        ...(field === "audio" && kind === "voice" && mimeType.startsWith("audio/ogg") && { voice: true }),
      };
      return { type: "media", field, media };
    }
  }
}

/** The number that writes. @throws MSG_005 for one that is not this account's. */
export function numberFor(config: WhatsAppConfig, conversation: Target["conversation"]): string {
  const { furtherPhoneNumberIds, phoneNumberId: main } = config;
  const { phoneNumberId = main } = addressOf(conversation);
  if (phoneNumberId === main || furtherPhoneNumberIds.includes(phoneNumberId)) return phoneNumberId;
  throw new SwitchboardError("MSG_005", `The number with the id ${phoneNumberId} is not one of this account's.`, {
    action: "Add it to the account's setting furtherPhoneNumberIds.",
    scope: "conversation",
  });
}
