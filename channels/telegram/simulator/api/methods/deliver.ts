/** The last step of everything that makes a message. */
import type { Message } from "@grammyjs/types";
import { announceMessage } from "../../updates/announce.ts";
import type { StoredMessage } from "../../world/chats.ts";
import { type Content, post } from "../../world/post.ts";
import type { Call } from "../call.ts";
import { type Markup, readMarkup } from "../markup.ts";
import { type Destination, destination } from "../target.ts";

/** Posts as the bot; returns the message as the answer shows it. */
export function deliver(call: Call, content: Content): Message {
  const markup = readMarkup(call.params);
  return put(call, destination(call), content, markup).wire;
}

/** Posts to a place that was checked before. */
export function put(
  call: Call,
  place: Destination,
  content: Content,
  { inline, keyboard }: Markup = {},
): StoredMessage {
  const { world, params } = call;
  world.limits?.spend(place.chat);
  const { quote, ...where } = place;
  const message = post(world, {
    ...where,
    author: world.self,
    content: {
      ...content,
      ...(quote && { quote }),
      ...(params.boolean("protect_content") && { has_protected_content: true }),
      ...(inline && { reply_markup: inline }),
    },
    ...(keyboard && { keyboard }),
  });
  // A bot hears of its own service messages, and of nothing else it says.
  if (message.service) announceMessage(world, message);
  return message;
}
