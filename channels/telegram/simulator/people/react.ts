/** Somebody reacts to a message or presses one of its buttons. */
import type { InlineKeyboardButton } from "@grammyjs/types";
import { SwitchboardError } from "@switchboard/domain";
import { announce } from "../updates/announce.ts";
import { openCallback } from "../world/callbacks.ts";
import type { StoredMessage } from "../world/chats.ts";
import { botHears } from "../world/members.ts";
import { inlineRows } from "../world/message.ts";
import type { Person } from "../world/people.ts";
import { seconds } from "../world/post.ts";
import { isReaction, reactionTypes } from "../world/reactions.ts";
import type { World } from "../world/world.ts";
import { say } from "./say.ts";

/** Sets the person's reaction; the same one again takes it back. */
export function react(world: World, person: Person, message: StoredMessage, wanted: string): void {
  const emoji = wanted.replace(/\ufe0f$/, "");
  if (!isReaction(emoji)) throw new SwitchboardError("REQ_001", `Telegram has no reaction ${wanted}`);
  const { chat } = message;
  const before = message.reactions.get(person.user.id) ?? [];
  const after = before.includes(emoji) ? [] : [emoji];
  if (after.length > 0) message.reactions.set(person.user.id, after);
  else message.reactions.delete(person.user.id);
  world.history.keep(message);
  world.changes.tell({ kind: "message", message });
  if (!botHears(world, chat) || chat.wire.type === "channel") return;
  announce(world, "message_reaction", `reaction ${chat.id}`, {
    chat: chat.wire,
    message_id: message.wire.message_id,
    user: person.user,
    date: seconds(),
    old_reaction: reactionTypes(before),
    new_reaction: reactionTypes(after),
  });
}

/** What pressing did: the bot waits to answer a query, or the client did something by itself. */
export type Pressed =
  | { readonly kind: "query"; readonly id: string }
  | { readonly kind: "opened"; readonly url: string }
  | { readonly kind: "said"; readonly message: StoredMessage };

/** Presses the button with that label; also one of a reply keyboard, which writes its label into the chat. */
export function press(world: World, person: Person, message: StoredMessage, label: string): Pressed {
  const button = inlineRows(message.wire)
    .flat()
    .find(({ text }) => text === label);
  if (button) return pressInline(world, person, message, button);
  if (message.keyboard?.flat().includes(label)) {
    const thread = message.wire.is_topic_message ? message.wire.message_thread_id : undefined;
    const [said] = say(world, {
      from: person,
      chat: message.chat,
      text: label,
      ...(thread !== undefined && { thread }),
    });
    return { kind: "said", message: said };
  }
  const labels = [
    ...inlineRows(message.wire)
      .flat()
      .map(({ text }) => text),
    ...(message.keyboard?.flat() ?? []),
  ];
  throw new SwitchboardError("REQ_002", `No button "${label}" there; there is ${JSON.stringify(labels)}`);
}

function pressInline(world: World, person: Person, message: StoredMessage, button: InlineKeyboardButton): Pressed {
  if ("url" in button) return { kind: "opened", url: button.url };
  if (!("callback_data" in button)) {
    throw new SwitchboardError("REQ_001", `The simulator cannot press the button "${button.text}"`);
  }
  const { chat, wire } = message;
  const { id } = openCallback(world.callbacks, chat, person.user.id);
  announce(world, "callback_query", `callback ${person.user.id}`, {
    id,
    from: person.user,
    message: wire,
    chat_instance: String(BigInt(chat.id) * 7_919n + 1_000_003n),
    data: button.callback_data,
  });
  return { kind: "query", id };
}
