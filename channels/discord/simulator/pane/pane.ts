/** Discord's pane: its looks, and a bot's world as the pane sees it. */
import { SwitchboardError } from "@switchboard/domain";
import {
  type Pane,
  type PaneAction,
  type PaneChange,
  type PaneChat,
  type PaneControl,
  type PaneMessage,
  type PaneResult,
  type PaneWorld,
  typedName,
  typedNames,
} from "@switchboard/simulator-kit";
import { choose, command, createGroup, createThread, edit, press, say, submitForm } from "../people.ts";
import { react } from "../world/post.ts";
import { type Channel, LOADING, type Message, type Person } from "../world/types.ts";
import type { World } from "../world/world.ts";
import { plainText, toRich } from "./rich.ts";

export const pane: Pane<World> = {
  look: { name: "Discord", layout: "lines", placeholder: "Message", stickers: true },
  style: new URL("./look.css", import.meta.url),
  of: paneWorld,
};

const SHOWN = 60;

function paneWorld(world: World): PaneWorld {
  return {
    state: () => ({
      account: { id: world.bot.id, name: world.name, handle: world.bot.username },
      people: world.people.all().map(({ name, user }) => ({ id: user.id, name, handle: user.username })),
      chats: [...world.channels.values()]
        .filter(({ parent }) => parent === undefined)
        .map((each) => chatOf(world, each)),
      commands: world.commands.map(({ description, name }) => ({ command: name, description })),
      reactions: ["👍", "❤️", "😂", "🎉", "😮", "😢", "🔥", "✅"],
      menu: [
        {
          does: "server",
          label: "New server",
          fields: [
            { name: "title", label: "Channel", placeholder: "general" },
            { name: "people", label: "People", placeholder: "Ann, Bob" },
          ],
          ok: "Create",
        },
      ],
    }),
    messages: (chat, before = Number.POSITIVE_INFINITY) =>
      messagesIn(world, chat)
        .filter((message) => orderOf(message) < before)
        .slice(-SHOWN)
        .map((message) => messageOf(world, message)),
    listen: (listener) => world.changes.listen((change) => listener(paneChange(world, change))),
    act: (action) => act(world, action),
    upload: ({ bytes, chat, kind, mimeType, name, person, replyTo, text, thread }) => {
      const said = say(world, personOf(world, person), {
        text,
        channel: world.channel(thread ?? chat),
        replyTo,
        attach: { kind, bytes, fileName: name, mimeType: mimeType || undefined },
      });
      return { chat, message: said.wire.id };
    },
    file: (id) => {
      const stored = world.files.get(id);
      const bytes = stored && world.bytes.get(id);
      return bytes && { bytes, name: stored.name, mimeType: stored.mimeType, shown: stored.kind !== "document" };
    },
    flush: () => world.journal.flush(),
  };
}

function personOf(world: World, id: string): Person {
  const found = world.people.byId(id);
  if (!found) throw new SwitchboardError("REQ_002", "There is no such person");
  return found;
}

function messagesIn(world: World, chat: string): Message[] {
  return [...world.history.all()].filter(({ wire }) => {
    const channel = world.channels.get(wire.channel_id);
    return channel !== undefined && (channel.parent ?? channel.id) === chat;
  });
}

/** Snowflakes are too large for a number: their milliseconds, with as much of what follows as fits behind the point. */
function orderOf({ wire }: Message): number {
  const id = BigInt(wire.id);
  return Number(id >> 22n) + Number(id & 0xfffn) / 0x1000;
}

function chatOf(world: World, channel: Channel): PaneChat {
  const last = messagesIn(world, channel.id).at(-1);
  const threads = [...world.channels.values()].filter(({ parent }) => parent === channel.id);
  const isDirect = channel.type === 1;
  return {
    id: channel.id,
    kind: isDirect ? "direct" : channel.type === 5 ? "channel" : "group",
    title: isDirect ? world.name : `# ${channel.name}`,
    subtitle: isDirect ? "Direct message" : `${channel.members.length + 1} members`,
    members: channel.members,
    menu: [],
    ...(!isDirect && {
      main: "Channel",
      threads: threads.map(({ id, name }) => ({ id, name })),
      newThread: {
        does: "thread",
        label: "New thread",
        fields: [{ name: "name", label: "Thread name" }],
        ok: "Create",
      },
    }),
    ...(last && { last: messageOf(world, last) }),
  };
}

interface Control {
  readonly type: number;
  readonly style?: number;
  readonly label?: string;
  readonly url?: string;
  readonly placeholder?: string;
  readonly options?: readonly { readonly label: string; readonly value: string }[];
}

function controlOf({ label = "", options, placeholder = "", style, url }: Control): PaneControl {
  if (options)
    return { label: placeholder, options: options.map((each) => ({ label: each.label, value: each.value })) };
  const look =
    style === 1
      ? ("primary" as const)
      : style === 3
        ? ("success" as const)
        : style === 4
          ? ("danger" as const)
          : undefined;
  return { label, ...(look && { style: look }), ...(url !== undefined && { url }) };
}

function messageOf(world: World, message: Message): PaneMessage {
  const { deleted, edits, fromBot, onlyFor, reactions, wire } = message;
  const channel = world.channel(wire.channel_id);
  const isLoading = ((wire.flags ?? 0) & LOADING) !== 0;
  const rich = isLoading
    ? [{ is: "small" as const, children: [`${world.name} is thinking…`] }]
    : toRich(wire.content, world);
  const reply = wire.referenced_message;
  const files = [...wire.attachments.map(({ id }) => id), ...(wire.sticker_items ?? []).map(({ id }) => id)];
  return {
    id: wire.id,
    order: orderOf(message),
    chat: channel.parent ?? channel.id,
    ...(channel.parent !== undefined && { thread: channel.id }),
    from: { id: wire.author.id, name: wire.author.global_name ?? wire.author.username },
    fromAccount: fromBot,
    at: Date.parse(wire.timestamp),
    text: plainText(rich),
    rich,
    typed: wire.content,
    media: files.flatMap((id) => {
      const stored = world.files.get(id);
      if (!stored) return [];
      const { kind, mimeType, name } = stored;
      const bytes = world.bytes.get(id);
      return [{ kind, file: id, name, mimeType, size: bytes?.byteLength ?? 0, ...pictureSize(bytes) }];
    }),
    ...(reply && {
      reply: {
        id: reply.id,
        name: reply.author.global_name ?? reply.author.username,
        text: plainText(toRich(reply.content, world)),
      },
    }),
    controls: (wire.components ?? []).map((row) =>
      ((row as { readonly components?: readonly Control[] }).components ?? []).map(controlOf),
    ),
    reactions: Object.entries(reactions).flatMap(([emoji, by]) => (by.length > 0 ? [{ emoji, by }] : [])),
    ...(onlyFor !== undefined && { onlyFor }),
    edited: edits > 0,
    deleted,
  };
}

/** Of a PNG, which says so right at its beginning. */
function pictureSize(bytes: Uint8Array | undefined): { width?: number; height?: number } {
  if (!bytes || bytes.byteLength < 24 || bytes[0] !== 0x89 || bytes[1] !== 0x50) return {};
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

type Change = Parameters<Parameters<World["changes"]["listen"]>[0]>[0];

function paneChange(world: World, change: Change): PaneChange {
  switch (change.kind) {
    case "message":
      return { key: change.message, event: () => ({ kind: "message", message: messageOf(world, change.message) }) };
    case "channel":
      return { key: change.channel, event: () => ({ kind: "reload" }) };
    case "typing": {
      const { id, parent } = change.channel;
      return {
        key: `typing ${id}`,
        event: () => ({
          kind: "typing",
          chat: parent ?? id,
          ...(parent !== undefined && { thread: id }),
          ...(change.on && { text: "typing" }),
        }),
      };
    }
    case "answer":
      return { key: change.query, event: () => ({ kind: "answer", query: change.query, alert: false }) };
    case "form": {
      const { customId, fields, id, title } = change.form;
      const form = { id: `${id} ${customId}`, title, fields, ok: "Submit" };
      return { key: id, event: () => ({ kind: "form", person: change.person.user.id, form }) };
    }
  }
}

function act(world: World, action: PaneAction): PaneResult {
  switch (action.kind) {
    case "person": {
      const person = world.people.named(typedName(action.name));
      return { person: person.user.id, chat: world.direct(person).id };
    }
    case "say": {
      const person = personOf(world, action.person);
      const channel = world.channel(action.thread ?? action.chat);
      // What is a slash command of the bot is used as one.
      const [, name, text = ""] = /^\/([\w-]+)(?:\s+([\s\S]*))?$/.exec(action.text.trim()) ?? [];
      if (name !== undefined && world.commands.some((each) => each.name === name)) {
        return { chat: action.chat, query: command(world, person, channel, name, text.trim()) };
      }
      const typed = action.text.replaceAll(`@${world.bot.username}`, `<@${world.bot.id}>`);
      const said = say(world, person, { text: typed, channel, replyTo: action.replyTo });
      return { chat: action.chat, message: said.wire.id };
    }
    case "edit":
      edit(world, world.message(action.message), action.text);
      return {};
    case "react":
      react(world, personOf(world, action.person).user, world.message(action.message), action.emoji);
      return {};
    case "press": {
      const message = world.message(action.message);
      return { query: press(world, personOf(world, action.person), message, action.label) };
    }
    case "select": {
      const message = world.message(action.message);
      return { query: choose(world, personOf(world, action.person), message, action.label, action.values) };
    }
    case "submit":
      return submit(world, action);
    case "do":
      return make(world, action);
  }
}

function submit(world: World, { form, person, values }: Extract<PaneAction, { kind: "submit" }>): PaneResult {
  const [token = "", customId = ""] = form.split(" ");
  return { query: submitForm(world, personOf(world, person), { token, customId, values }).id };
}

function make(world: World, { chat, does, person, values }: Extract<PaneAction, { kind: "do" }>): PaneResult {
  if (does === "server") {
    const people = [personOf(world, person), ...typedNames(values.people).map((name) => world.people.named(name))];
    const { channel } = createGroup(world, {
      title: typedName(values.title),
      people: [...new Set(people)],
      channel: false,
      threads: [],
    });
    return { chat: channel.id };
  }
  if (does === "thread" && chat !== undefined) {
    return { chat, thread: createThread(world, world.channel(chat), typedName(values.name)).id };
  }
  throw new SwitchboardError("REQ_001", "There is no such thing to do");
}
