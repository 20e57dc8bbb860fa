/** Answering buttons, reacting, and "typing". */
import { badRequest } from "../../failure.ts";
import { isReaction } from "../../world/reactions.ts";
import { type Methods, other } from "../call.ts";
import { isObject } from "../params.ts";
import { messageOf, writableChat } from "../target.ts";

const NOTE_LIMIT = 200;

const actions: ReadonlySet<string> = new Set([
  "typing",
  "upload_photo",
  "record_video",
  "upload_video",
  "record_voice",
  "upload_voice",
  "upload_document",
  "choose_sticker",
  "find_location",
  "record_video_note",
  "upload_video_note",
]);

export const interactionMethods = {
  sendChatAction: other((call) => {
    const { world, params } = call;
    const action = params.text("action") ?? "";
    if (action !== "cancel" && !actions.has(action)) throw badRequest("wrong parameter action in request");
    const chat = writableChat(call);
    // Unlike a message, an action may name the general topic.
    const thread = params.integer("message_thread_id");
    if (thread !== undefined && thread > 1 && !chat.topics.has(thread) && !chat.messages.has(thread)) {
      throw badRequest("message thread not found");
    }
    if (action === "cancel") world.typing.stop(chat);
    else world.typing.start(chat, action, thread === undefined ? undefined : String(thread));
    return true;
  }),

  answerCallbackQuery: other(({ world, params }) => {
    const callback = world.callbacks.find(params.text("callback_query_id") ?? "");
    if (!callback) throw badRequest("query is too old and response timeout expired or query ID is invalid");
    const text = params.text("text");
    if (text && text.length > NOTE_LIMIT) throw badRequest("MESSAGE_TOO_LONG");
    const url = params.text("url");
    const answer = {
      alert: params.boolean("show_alert"),
      ...(text && { text }),
      ...(url && { url }),
    };
    callback.answer = answer;
    const { chat, person, id } = callback;
    world.changes.tell({ kind: "callback", chat, person, query: id, answer });
    return true;
  }),

  setMessageReaction: other((call) => {
    const { world, params } = call;
    const emojis = (params.list("reaction") ?? []).map((value) => {
      if (!isObject(value)) throw badRequest("can't parse ReactionType: expected an Object");
      const { type, emoji } = value;
      if (type !== "emoji" || typeof emoji !== "string" || !isReaction(emoji)) throw badRequest("REACTION_INVALID");
      return emoji;
    });
    if (emojis.length > 1) throw badRequest("REACTIONS_TOO_MANY");
    const message = messageOf(call, writableChat(call), "message to react");
    if (emojis.length > 0) message.reactions.set(world.self.id, emojis);
    else message.reactions.delete(world.self.id);
    world.history.keep(message);
    world.changes.tell({ kind: "message", message });
    return true;
  }),
} satisfies Methods;
