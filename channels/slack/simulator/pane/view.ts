/** What the pane shows, taken from the world. Only worked out while a pane is open. */
import type {
  PaneChange,
  PaneChat,
  PaneControl,
  PaneEvent,
  PaneMedia,
  PaneMessage,
  PanePerson,
  PaneState,
  RichNode,
} from "@switchboard/simulator-kit";
import { emojiOf } from "../../src/emoji.ts";
import { CHANNEL_COMMAND } from "../../src/interaction.ts";
import { plainMrkdwn } from "../../src/mrkdwn.ts";
import { labelOf } from "../people/interact.ts";
import { names } from "../people/say.ts";
import { THREAD_ROOT } from "../people/threads.ts";
import { nodes, shownText } from "../text/plain.ts";
import { richMessage } from "../text/rich.ts";
import type { Channel } from "../world/channels.ts";
import { type Block, type Message, timeOf } from "../world/message.ts";
import type { Change, World } from "../world/world.ts";
import { channelMenu, mainMenu } from "./menus.ts";

const REACTIONS = ["👍", "❤️", "🎉", "👀", "✅", "🙏", "😂", "🔥", "🚀", "👎"];
const HOME = "home:";
/** What is shown of a snippet. */
const FOLDED_LINES = 12;
const FOLDED_LENGTH = 1_000;

export function paneState(world: World): Omit<PaneState, "look"> {
  return {
    account: { id: world.app.user, name: world.name, handle: world.name },
    people: panePeople(world),
    chats: [
      ...world.channels.all().map((channel) => paneChat(world, channel)),
      ...[...world.homes.keys()].map((person) => homeChat(world, person)),
    ],
    commands: [{ command: CHANNEL_COMMAND, description: "Give the agent a command" }],
    reactions: REACTIONS,
    menu: mainMenu(world),
  };
}

function panePeople({ people }: World): PanePerson[] {
  return people.all().map(({ handle, id, name }) => ({ id, name, handle }));
}

function paneChat(world: World, channel: Channel): PaneChat {
  const all = shown(world, channel.id);
  const last = all.at(-1);
  const people = channel.members.filter((member) => member !== world.app.user);
  const isDirect = channel.kind === "im";
  return {
    id: channel.id,
    kind: isDirect ? "direct" : "group",
    title: isDirect ? world.name : channel.kind === "mpim" ? channel.name : `# ${channel.name}`,
    subtitle: isDirect ? "app" : membersText(world, channel, people.length),
    ...withThreads(world, all),
    main: isDirect ? "Messages" : "Channel",
    members: people,
    ...(last && { last: paneMessage(world, last) }),
    ...channelMenu(world, channel),
  };
}

/** Messages with answers below them. */
function withThreads(world: World, all: readonly Message[]): Pick<PaneChat, "threads"> {
  const begun = all.filter(({ subtype }) => subtype === THREAD_ROOT).map(({ ts }) => ts);
  const roots = new Set([...begun, ...all.flatMap(({ thread }) => (thread === undefined ? [] : [thread]))]);
  const threads = all
    .filter(({ ts }) => roots.has(ts))
    .map((root) => ({ id: root.ts, name: root.title ?? gist(world, root) }));
  return threads.length > 0 ? { threads } : {};
}

function membersText(world: World, { archived, kind, members }: Channel, people: number): string {
  const here = members.includes(world.app.user);
  const words = `${people + (here ? 1 : 0)} members${here ? "" : ", without the app"}`;
  return [kind === "group" ? "private" : "", words, archived ? "archived" : ""]
    .filter((part) => part !== "")
    .join(", ");
}

function gist(world: World, message: Message): string {
  const text = shownText(message, names(world)).replaceAll(/\s+/g, " ").trim();
  return text === "" ? "Thread" : text.length > 32 ? `${text.slice(0, 31).trimEnd()}…` : text;
}

function homeChat(world: World, person: string): PaneChat {
  return {
    id: `${HOME}${person}`,
    kind: "direct",
    title: `${world.name}: Home`,
    subtitle: "Home tab",
    members: [person],
    menu: [],
    instead: { label: "Open again", does: "home" },
  };
}

/** The newest messages before a given one, oldest first. */
export function paneMessages(world: World, chat: string, before = Number.POSITIVE_INFINITY, count = 60): PaneMessage[] {
  if (chat.startsWith(HOME)) return before === Number.POSITIVE_INFINITY ? homeMessages(world, chat) : [];
  return shown(world, chat)
    .filter((message) => orderOf(message) < before)
    .slice(-count)
    .map((message) => paneMessage(world, message));
}

function homeMessages(world: World, chat: string): PaneMessage[] {
  const view = world.homes.get(chat.slice(HOME.length));
  if (!view) return [];
  const blocks = nodes(view.blocks) as unknown as Block[];
  const message = { blocks, text: "" };
  return [
    {
      id: "home",
      order: 1,
      chat,
      from: { id: world.app.user, name: world.name },
      fromAccount: true,
      at: Date.now(),
      text: shownText(message, names(world)),
      rich: richMessage(message, names(world)),
      controls: [],
      reactions: [],
      edited: false,
      deleted: false,
    },
  ];
}

function shown(world: World, channel: string): Message[] {
  return [...(world.messages.get(channel)?.values() ?? [])].filter(({ deleted }) => !deleted);
}

/** A time stamp as a whole number: six digits behind the point. */
function orderOf({ ts }: Message): number {
  return Math.round(Number(ts) * 1_000_000);
}

export function paneChange(world: World, change: Change): PaneChange {
  const key = change.kind === "message" ? change.message : change.kind === "channel" ? change.channel : change;
  return { key, event: () => paneEvent(world, change) };
}

function paneEvent(world: World, change: Change): PaneEvent {
  switch (change.kind) {
    case "message":
      return { kind: "message", message: paneMessage(world, change.message) };
    case "channel":
      return { kind: "chat", chat: paneChat(world, change.channel), people: panePeople(world) };
    case "typing": {
      const { action, chat, thread } = change;
      return {
        kind: "typing",
        chat,
        ...(thread !== undefined && { thread }),
        ...(action !== undefined && { text: action }),
      };
    }
    case "form":
    case "reload":
      return change;
  }
}

function paneMessage(world: World, message: Message): PaneMessage {
  const { channel, deleted, edits, fromBot, onlyFor, subtype, ts, user } = message;
  // What is suggested stands in the thread that it is for.
  const thread = subtype === THREAD_ROOT ? ts : message.thread;
  const known = names(world);
  const media = message.files.flatMap((id) => paneMedia(world, id));
  const text = shownText(message, known);
  return {
    id: ts,
    order: orderOf(message),
    chat: channel,
    ...(thread !== undefined && { thread }),
    from: { id: user, name: fromBot ? world.name : (world.people.byId(user)?.name ?? user) },
    fromAccount: fromBot,
    at: timeOf(message),
    text,
    ...(subtype === undefined || subtype === THREAD_ROOT
      ? {
          rich: [
            ...richMessage(message, known),
            ...above(message),
            ...message.files.flatMap((id) => folded(world, id)),
          ],
        }
      : { service: text }),
    typed: plainMrkdwn(message.text, known),
    ...(media.length > 0 && { media }),
    controls: [...controlsOf(message), ...suggestions(message)],
    reactions: Object.entries(message.reactions).map(([name, by]) => ({ emoji: emojiOf(name), by })),
    ...(onlyFor !== undefined && { onlyFor, status: "Only visible to you" }),
    ...(!fromBot && subtype === undefined && { menu: [{ does: "delete", label: "Delete", danger: true }] }),
    edited: edits > 0,
    deleted,
  };
}

function paneMedia(world: World, id: string): PaneMedia[] {
  const file = world.files.byId(id);
  if (!file) return [];
  const { kind, mimeType, name, size } = file;
  return [{ kind, file: id, name, mimeType, size }];
}

/** The beginning of a snippet; the rest is in the file. */
function folded(world: World, id: string): RichNode[] {
  const lines = world.files.textOf(id)?.split("\n") ?? [];
  if (lines.length === 0) return [];
  const shown = lines.slice(0, FOLDED_LINES).join("\n").slice(0, FOLDED_LENGTH);
  return [
    { is: "pre", children: [shown] },
    { is: "small", children: [`${lines.length} lines in all: open the file to read on`] },
  ];
}

function above({ suggested }: Message): RichNode[] {
  return suggested?.title === undefined ? [] : [{ is: "small", children: [suggested.title] }];
}

function suggestions({ suggested }: Message): PaneControl[][] {
  return suggested ? [suggested.prompts.map(({ title }): PaneControl => ({ label: title }))] : [];
}

function controlsOf({ blocks = [] }: Message): PaneControl[][] {
  return blocks
    .filter(({ type }) => type === "actions")
    .map((block) =>
      nodes(block.elements).map((element): PaneControl => {
        if (element.type === "static_select") {
          const options = nodes(element.options).map(({ text, value }) => ({
            value: String(value),
            label: labelOf(text),
          }));
          return { label: labelOf(element.placeholder), options };
        }
        const style = element.style === "primary" || element.style === "danger" ? element.style : undefined;
        return {
          label: labelOf(element.text),
          ...(style && { style }),
          ...(typeof element.url === "string" && { url: element.url }),
        };
      }),
    );
}
