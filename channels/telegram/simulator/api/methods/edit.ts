/** Changing what the bot sent. */
import type { Message } from "@grammyjs/types";
import { badRequest } from "../../failure.ts";
import type { StoredMessage } from "../../world/chats.ts";
import { type Content, revise, seconds } from "../../world/post.ts";
import { type Call, editing, type Methods } from "../call.ts";
import { readCaption, readText } from "../formatting.ts";
import { type Markup, readMarkup } from "../markup.ts";
import { messageOf, writableChat } from "../target.ts";
import { inputMedia } from "./media-group.ts";

export const editMethods = {
  editMessageText: editing((call) => {
    const message = editable(call);
    const content = readText(call.world, call.params);
    if (message.wire.text === undefined) throw badRequest("there is no text in the message to edit");
    return replace(call, message, ["text", "entities"], content);
  }),

  editMessageCaption: editing((call) => {
    const message = editable(call);
    const content = readCaption(call.world, call.params);
    if (!takesCaption(message.wire)) throw badRequest("there is no caption in the message to edit");
    return replace(call, message, ["caption", "caption_entities"], content);
  }),

  editMessageReplyMarkup: editing((call) => replace(call, editable(call), [], {})),

  editMessageMedia: editing(async (call) => {
    editable(call);
    const media = call.params.object("media");
    if (!media) throw badRequest('parameter "media" is required');
    const { content } = await inputMedia(call, media);
    // Looked up again: it may have been deleted while the file came in.
    const message = editable(call);
    if (message.wire.text !== undefined && content.caption === undefined) {
      return replace(call, message, [...mediaFields, "text", "entities"], content);
    }
    return replace(call, message, [...mediaFields, "text", "entities", "caption", "caption_entities"], content);
  }),
} satisfies Methods;

const mediaFields = [
  "photo",
  "video",
  "animation",
  "audio",
  "document",
  "has_media_spoiler",
] as const satisfies readonly (keyof Message)[];

function takesCaption(wire: Message): boolean {
  return Boolean(wire.photo ?? wire.video ?? wire.animation ?? wire.audio ?? wire.voice ?? wire.document);
}

function editable(call: Call): StoredMessage {
  const { params } = call;
  // Inline mode is not simulated, so that no message has such an id.
  if (params.has("inline_message_id") && !params.has("chat_id")) throw badRequest("MESSAGE_ID_INVALID");
  if (!params.has("chat_id") && !params.has("message_id")) throw badRequest("message identifier is not specified");
  const message = messageOf(call, writableChat(call), "message to edit");
  if (!message.fromBot || message.service || message.wire.forward_origin) {
    throw badRequest("message can't be edited");
  }
  return message;
}

/** Without a keyboard in the call the message loses the one it had. */
function replace(
  { world, params }: Call,
  message: StoredMessage,
  fields: readonly (keyof Message)[],
  content: Content,
): Message {
  const { inline }: Markup = readMarkup(params);
  const kept: Message = { ...message.wire };
  for (const field of [...fields, "reply_markup"] as const) delete kept[field];
  const edited: Message = { ...kept, ...content, ...(inline && { reply_markup: inline }) };
  if (shown(edited) === shown(message.wire)) {
    throw badRequest(
      "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
    );
  }
  world.limits?.spend(message.chat);
  revise(world, message, { ...edited, edit_date: seconds() });
  return message.wire;
}

/** What a reader would see change. */
function shown({
  text,
  entities,
  caption,
  caption_entities,
  reply_markup,
  photo,
  video,
  animation,
  audio,
  document,
}: Message): string {
  const files = [photo?.at(-1), video, animation, audio, document].map((file) => file?.file_unique_id);
  return JSON.stringify([text, entities, caption, caption_entities, reply_markup, files]);
}
