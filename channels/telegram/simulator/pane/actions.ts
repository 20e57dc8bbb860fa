/** What one does in the pane, done by the person one plays. */
import { SwitchboardError } from "@switchboard/domain";
import { edit } from "../people/edit.ts";
import { createGroup, migrate } from "../people/groups.ts";
import { addBot, block, join, leave, removeBot, unblock } from "../people/membership.ts";
import { press, react } from "../people/react.ts";
import { type Say, say } from "../people/say.ts";
import { announceMessage } from "../updates/announce.ts";
import type { Chat } from "../world/chats.ts";
import type { FileKind } from "../world/files.ts";
import type { StoredMessage } from "../world/message.ts";
import type { Person } from "../world/people.ts";
import { openTopic } from "../world/topics.ts";
import type { World } from "../world/world.ts";
import type { PaneAction, PaneResult } from "./shared/protocol.ts";

/** Throws REQ_* with a message for the person. */
export function act(world: World, action: PaneAction): PaneResult {
  switch (action.kind) {
    case "say":
      return said(world, { ...place(world, action), text: action.text, markdown: true });
    case "edit": {
      const message = messageIn(world, action);
      if (message.wire.from?.id !== action.person) throw new SwitchboardError("REQ_001", "That is not your message");
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
      const person = world.people.named(named(action.name));
      const chat = world.chats.private(person);
      world.changes.tell({ kind: "chat", chat });
      return { person: person.user.id, chat: String(chat.id) };
    }
    case "group": {
      const people = action.people.map((name) => world.people.named(named(name)));
      const { chat } = createGroup(world, {
        title: named(action.title),
        people,
        channel: action.channel,
        topics: action.topics,
      });
      return { chat: String(chat.id) };
    }
    case "topic": {
      const { message } = openTopic(world, chatOf(world, action.chat), personOf(world, action.person).user, {
        name: named(action.name),
      });
      announceMessage(world, message);
      return result(message);
    }
    case "invite": {
      const person = world.people.named(named(action.name));
      join(world, chatOf(world, action.chat), person);
      return { person: person.user.id };
    }
    case "leave":
      leave(world, chatOf(world, action.chat), personOf(world, action.person));
      return {};
    case "block":
      block(world, personOf(world, action.person));
      return {};
    case "unblock":
      unblock(world, personOf(world, action.person));
      return {};
    case "add-bot":
      addBot(world, chatOf(world, action.chat), personOf(world, action.person).user);
      return {};
    case "remove-bot":
      removeBot(world, chatOf(world, action.chat), personOf(world, action.person).user);
      return {};
    case "migrate":
      return { chat: String(migrate(world, chatOf(world, action.chat)).id) };
  }
}

export interface Uploaded {
  readonly person: number;
  readonly chat: string;
  readonly thread?: number;
  readonly replyTo?: number;
  readonly text: string;
  readonly kind: FileKind;
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
}

/** Sends a file, with a caption if there is one. */
export function upload(world: World, uploaded: Uploaded): PaneResult {
  const { kind, name, mimeType, bytes, text } = uploaded;
  const file = { kind, bytes, name, ...(mimeType !== "" && { mimeType }) };
  return said(world, { ...place(world, uploaded), text, markdown: true, files: [file] });
}

function said(world: World, input: Say): PaneResult {
  return result(say(world, input)[0]);
}

function result({ chat, wire }: StoredMessage): PaneResult {
  return { chat: String(chat.id), message: wire.message_id };
}

interface Place {
  readonly person: number;
  readonly chat: string;
  readonly thread?: number;
  readonly replyTo?: number;
}

function place(
  world: World,
  { person, chat: id, thread, replyTo }: Place,
): Pick<Say, "from" | "chat" | "thread" | "replyTo"> {
  const chat = chatOf(world, id);
  const replied = replyTo === undefined ? undefined : world.history.find(chat, replyTo);
  return {
    from: personOf(world, person),
    chat,
    ...(thread !== undefined && { thread }),
    ...(replied && { replyTo: replied }),
  };
}

function personOf(world: World, id: number): Person {
  const person = world.people.byId(id);
  if (!person) throw new SwitchboardError("REQ_002", "Nobody by that number");
  return person;
}

function chatOf(world: World, id: string): Chat {
  const chat = world.chats.get(Number(id));
  if (!chat) throw new SwitchboardError("REQ_002", "There is no such chat");
  return chat;
}

function messageIn(
  world: World,
  { chat, message: id }: { readonly chat: string; readonly message: number },
): StoredMessage {
  const message = world.history.find(chatOf(world, chat), id);
  if (!message) throw new SwitchboardError("REQ_002", "That message is gone");
  return message;
}

function named(name: string): string {
  const trimmed = name.trim().slice(0, 64);
  if (trimmed === "") throw new SwitchboardError("REQ_001", "A name is needed");
  return trimmed;
}
