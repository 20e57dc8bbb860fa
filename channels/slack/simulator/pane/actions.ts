/** What one does in the pane, done by the person one plays. */
import { SwitchboardError } from "@switchboard/domain";
import { type PaneAction, type PaneResult, type PaneUpload, typedName, typedNames } from "@switchboard/simulator-kit";
import { nameOfEmoji } from "../../src/emoji.ts";
import { archive, createChannel, join, leave, rename } from "../people/channels.ts";
import { command, openHome, press, submit } from "../people/interact.ts";
import { edit, say } from "../people/say.ts";
import { beginThread } from "../people/threads.ts";
import type { Channel } from "../world/channels.ts";
import type { Message } from "../world/message.ts";
import { deleteMessage, messageOf, react } from "../world/post.ts";
import { type Person, setUp, type World } from "../world/world.ts";

/** Throws REQ_* with a message for the person. */
export function act(world: World, action: PaneAction): PaneResult {
  switch (action.kind) {
    case "say":
      return said(world, action);
    case "edit": {
      const message = own(world, action);
      edit(world, message, action.text, true);
      return {};
    }
    case "react":
      react(world, messageOf(world, action.chat, action.message), action.person, nameOfEmoji(action.emoji));
      return {};
    case "press":
      return press(world, personOf(world, action.person), messageOf(world, action.chat, action.message), action.label);
    case "select": {
      const message = messageOf(world, action.chat, action.message);
      for (const value of action.values)
        press(world, personOf(world, action.person), message, optionLabel(message, value));
      return {};
    }
    case "person": {
      const person = world.people.named(typedName(action.name));
      const channel = world.channels.direct(person.id);
      world.changes.tell({ kind: "channel", channel });
      return { person: person.id, chat: channel.id };
    }
    case "submit":
      submit(world, personOf(world, action.person), action.form, action.values);
      return {};
    case "do":
      return doIt(world, action);
  }
}

function said(world: World, { chat, person, replyTo, text, thread }: Extract<PaneAction, { kind: "say" }>): PaneResult {
  const from = personOf(world, person);
  const channel = channelIn(world, chat);
  if (text.startsWith("/")) {
    command(world, from, channel, text);
    return { chat: channel.id };
  }
  const root = thread ?? replyTo;
  const message = say(world, { from, channel, text, marks: true, ...(root !== undefined && { thread: root }) });
  return result(message);
}

/** Sends a file, with a text if there is one. */
export function upload(world: World, uploaded: PaneUpload): PaneResult {
  const { bytes, chat, kind, mimeType, name, person, replyTo, text, thread } = uploaded;
  const root = thread ?? replyTo;
  const message = say(world, {
    from: personOf(world, person),
    channel: channelIn(world, chat),
    text,
    marks: true,
    file: { kind, bytes, name, ...(mimeType !== "" && { mimeType }) },
    ...(root !== undefined && { thread: root }),
  });
  return result(message);
}

/** What stands in the menus. */
function doIt(
  world: World,
  { chat: id = "", does, message, person, values }: Extract<PaneAction, { kind: "do" }>,
): PaneResult {
  const who = personOf(world, person);
  switch (does) {
    case "channel":
    case "private":
    case "mpim": {
      const people = [who, ...typedNames(values.people).map((name) => world.people.named(name))];
      const kind = does === "private" ? "group" : does;
      const title = kind === "mpim" ? people.map(({ handle }) => handle).join("-") : typedName(values.title);
      return { chat: createChannel(world, { kind, title, people }).channel.id };
    }
    case "calls":
      setUp(world, { socketMode: false, requestUrl: typedName(values.url) });
      world.changes.tell({ kind: "reload" });
      return {};
    case "sockets":
      setUp(world, { socketMode: true });
      world.changes.tell({ kind: "reload" });
      return {};
    case "home":
      openHome(world, who);
      return { chat: `home:${who.id}` };
    case "begin": {
      const { channel, ts } = beginThread(world, who);
      return { chat: channel, thread: ts };
    }
    case "invite": {
      const invited = world.people.named(typedName(values.name));
      join(world, channelIn(world, id), invited.id);
      return { person: invited.id };
    }
    case "leave":
      leave(world, channelIn(world, id), who.id);
      return {};
    case "rename":
      rename(world, channelIn(world, id), typedName(values.name));
      return {};
    case "archive":
    case "unarchive":
      archive(world, channelIn(world, id), who.id, does === "archive");
      return {};
    case "add-bot":
      join(world, channelIn(world, id), world.app.user);
      return {};
    case "remove-bot":
      leave(world, channelIn(world, id), world.app.user);
      return {};
    case "delete":
      deleteMessage(world, own(world, { chat: id, message: message ?? "", person }));
      return {};
    default:
      throw new SwitchboardError("REQ_002", "Slack has no such thing");
  }
}

function own(
  world: World,
  { chat, message: ts, person }: { readonly chat: string; readonly message: string; readonly person: string },
): Message {
  const message = messageOf(world, chat, ts);
  if (message.user !== person) throw new SwitchboardError("REQ_001", "That is not your message");
  return message;
}

function optionLabel(message: Message, value: string): string {
  for (const block of message.blocks ?? []) {
    const elements = Array.isArray(block.elements)
      ? (block.elements as { options?: { value?: string; text?: { text?: string } }[] }[])
      : [];
    for (const { options = [] } of elements) {
      const found = options.find((option) => option.value === value);
      if (found?.text?.text !== undefined) return found.text.text;
    }
  }
  throw new SwitchboardError("REQ_002", "There is no such option");
}

function result({ channel, thread, ts }: Message): PaneResult {
  return { chat: channel, message: ts, ...(thread !== undefined && { thread }) };
}

function personOf(world: World, id: string): Person {
  const person = world.people.byId(id);
  if (!person) throw new SwitchboardError("REQ_002", "Nobody by that id");
  return person;
}

function channelIn(world: World, id: string): Channel {
  const channel = world.channels.get(id);
  if (!channel) throw new SwitchboardError("REQ_002", "There is no such channel");
  return channel;
}
