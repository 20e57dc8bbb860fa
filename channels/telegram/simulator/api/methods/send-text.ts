/** `sendMessage` and `sendMessageDraft`. */

import { badRequest } from "../../failure.ts";
import { TEXT_LIMIT } from "../../people/say.ts";
import type { Methods } from "../call.ts";
import { other, sending } from "../call.ts";
import { formatted, readText } from "../formatting.ts";
import { destination } from "../target.ts";
import { deliver } from "./deliver.ts";

export const textMethods = {
  sendMessage: sending((call) => deliver(call, readText(call.world, call.params))),

  /** A preview of an answer that is still being written; nothing of it stays. */
  sendMessageDraft: other((call) => {
    const { world, params } = call;
    if (!params.integer("draft_id")) throw badRequest("DRAFT_ID_INVALID");
    const { chat, thread } = destination(call);
    if (chat.wire.type !== "private") throw badRequest("method is available for private chats only");
    const raw = params.text("text") ?? "";
    const { text } = formatted(world, params, raw, "entities");
    if (text.length > TEXT_LIMIT) throw badRequest("message is too long");
    world.changes.tell({ kind: "draft", chat, text, ...(thread !== undefined && { thread: String(thread) }) });
    return true;
  }),
} satisfies Methods;
