/** What one does in the pane, done by the person one plays. */
import { SwitchboardError } from "@switchboard/domain";
import { type PaneAction, type PaneResult, type PaneUpload, typedName, typedNames } from "@switchboard/simulator-kit";
import { edit } from "../people/edit.ts";
import { createGroup, migrate } from "../people/groups.ts";
import { addBot, block, join, leave, removeBot, unblock } from "../people/membership.ts";
import { press, react } from "../people/react.ts";
import { type Say, say } from "../people/say.ts";
import { announceMessage } from "../updates/announce.ts";
import type { Chat, StoredMessage } from "../world/chats.ts";
import type { FileKind } from "../world/files.ts";
import type { Person } from "../world/people.ts";
import { openTopic } from "../world/topics.ts";
import type { World } from "../world/world.ts";

/** Throws REQ_* with a message for the person. */
export function act(world: World, action: PaneAction): PaneResult {
  switch (action.kind) {
    case "say":
      return said(world, { ...place(world, action), text: action.text, markdown: true });
    case "edit": {
      const message = messageIn(world, action);
      if (String(message.wire.from?.id) !== action.person) {
        throw new SwitchboardError("REQ_001", "That is not your message");
      }
      edit(world, message, action.text, true);
      return {};
    }
    case "react":
      react(world, personOf(world, action.person), messageIn(world, action), action.emoji);
      return {};
    case "press": {
      const pressed = press(world, personOf(world, action.person), messageIn(world, action), action.label);
      if (pressed.kind === "query") return { query: pressed.id };
      if (pressed.kind === "opened") return { url: pressed.url };
      return result(pressed.message);
    }
    case "person": {
      const person = world.people.named(typedName(action.name));
      const chat = world.chats.private(person);
      world.changes.tell({ kind: "chat", chat });
      return { person: String(person.user.id), chat: String(chat.id) };
    }
    case "do":
      return doIt(world, action);
    default:
      throw new SwitchboardError("REQ_001", "Telegram has no such thing");
  }
}

/** What stands in the menus. */
function doIt(world: World, { does, person, chat: id = "", values }: Extract<PaneAction, { kind: "do" }>): PaneResult {
  const who = personOf(world, person);
  switch (does) {
    case "group":
    case "forum":
    case "channel": {
      const { chat } = createGroup(world, {
        title: typedName(values.title),
        people: [who, ...typedNames(values.people).map((name) => world.people.named(name))],
        channel: does === "channel",
        topics: typedNames(values.topics),
      });
      return { chat: String(chat.id) };
    }
    case "topic": {
      const { message } = openTopic(world, chatOf(world, id), who.user, { name: typedName(values.name) });
      announceMessage(world, message);
      return { ...result(message), thread: String(message.wire.message_id) };
    }
    case "invite": {
      const invited = world.people.named(typedName(values.name));
      join(world, chatOf(world, id), invited);
      return { person: String(invited.user.id) };
    }
    case "leave":
      leave(world, chatOf(world, id), who);
      return {};
    case "block":
      block(world, who);
      return {};
    case "unblock":
      unblock(world, who);
      return {};
    case "add-bot":
      addBot(world, chatOf(world, id), who.user);
      return {};
    case "remove-bot":
      removeBot(world, chatOf(world, id), who.user);
      return {};
    case "migrate":
      return { chat: String(migrate(world, chatOf(world, id)).id) };
    default:
      throw new SwitchboardError("REQ_002", "Telegram has no such thing");
  }
}

const kinds = {
  image: "photo",
  video: "video",
  audio: "audio",
  voice: "voice",
  document: "document",
  sticker: "sticker",
} as const satisfies Record<PaneUpload["kind"], FileKind>;

/** Sends a file, with a caption if there is one. */
export function upload(world: World, uploaded: PaneUpload): PaneResult {
  const { name, mimeType, bytes, text } = uploaded;
  const kind: FileKind = mimeType === "image/gif" ? "animation" : kinds[uploaded.kind];
  const file = { kind, bytes, name, ...(mimeType !== "" && { mimeType }) };
  return said(world, { ...place(world, uploaded), text, markdown: true, files: [file] });
}

function said(world: World, input: Say): PaneResult {
  return result(say(world, input)[0]);
}

function result({ chat, wire }: StoredMessage): PaneResult {
  return { chat: String(chat.id), message: String(wire.message_id) };
}

interface Place {
  readonly person: string;
  readonly chat: string;
  readonly thread?: string;
  readonly replyTo?: string;
}

function place(
  world: World,
  { person, chat: id, thread, replyTo }: Place,
): Pick<Say, "from" | "chat" | "thread" | "replyTo"> {
  const chat = chatOf(world, id);
  const replied = replyTo === undefined ? undefined : world.history.find(chat, Number(replyTo));
  return {
    from: personOf(world, person),
    chat,
    ...(thread !== undefined && { thread: Number(thread) }),
    ...(replied && { replyTo: replied }),
  };
}

function personOf(world: World, id: string): Person {
  const person = world.people.byId(id);
  if (!person) throw new SwitchboardError("REQ_002", "Nobody by that number");
  return person;
}

export function chatOf(world: World, id: string): Chat {
  const chat = world.chats.get(Number(id));
  if (!chat) throw new SwitchboardError("REQ_002", "There is no such chat");
  return chat;
}

function messageIn(
  world: World,
  { chat, message: id }: { readonly chat: string; readonly message: string },
): StoredMessage {
  const message = world.history.find(chatOf(world, chat), Number(id));
  if (!message) throw new SwitchboardError("REQ_002", "That message is gone");
  return message;
}
