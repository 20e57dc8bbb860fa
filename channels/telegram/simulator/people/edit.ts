/** Somebody changes what they wrote. */
import type { Message } from "@grammyjs/types";
import { SwitchboardError } from "@switchboard/domain";
import { announceMessage } from "../updates/announce.ts";
import type { StoredMessage } from "../world/chats.ts";
import { revise, seconds } from "../world/post.ts";
import type { World } from "../world/world.ts";
import { captionContent, TEXT_LIMIT, textContent, written } from "./say.ts";

/** Rejects for messages of the bot. The same text again is no edit, and nobody hears of it. */
export function edit(world: World, message: StoredMessage, text: string, markdown = false): void {
  const { wire } = message;
  if (message.fromBot || message.service) throw new SwitchboardError("REQ_001", "People edit only what people wrote");
  const { text: cleaned, entities } = written(text, markdown);
  if (cleaned.length > TEXT_LIMIT) throw new SwitchboardError("REQ_003", `More than ${TEXT_LIMIT} characters`);
  const { entities: _, caption_entities: __, ...rest } = wire;
  const content = wire.text === undefined ? captionContent(cleaned, entities) : textContent(cleaned, entities);
  const edited: Message = { ...rest, ...content, edit_date: seconds() };
  if (edited.text === wire.text && edited.caption === wire.caption && sameEntities(edited, wire)) return;
  revise(world, message, edited);
  announceMessage(world, message, true);
}

function sameEntities(a: Message, b: Message): boolean {
  return JSON.stringify([a.entities, a.caption_entities]) === JSON.stringify([b.entities, b.caption_entities]);
}
