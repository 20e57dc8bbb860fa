/** `chat.*`: what the bot says. */
import { FALLBACK } from "../../src/limits.ts";
import type { Channel } from "../world/channels.ts";
import type { Block, Message } from "../world/message.ts";
import { changeMessage, deleteMessage, hears, post, wireOf } from "../world/post.ts";
import type { Interaction, World } from "../world/world.ts";
import { checkBlocks } from "./blocks.ts";
import type { Call, Method } from "./method.ts";
import type { Params } from "./params.ts";
import { ApiRefusal, invalid } from "./refusal.ts";

const content = ["text", "blocks", "attachments", "mrkdwn", "parse", "link_names", "as_user"];
const WRITE = ["chat:write"];
/** Beyond this a text is refused; Slack says 40,000 and lets much less pass where there are no blocks. */
const TEXT = 40_000;

export const chatMethods: Readonly<Record<string, Method>> = {
  "chat.postMessage": {
    kind: "send",
    scopes: WRITE,
    fields: [
      ...content,
      "channel",
      "thread_ts",
      "reply_broadcast",
      "unfurl_links",
      "unfurl_media",
      "metadata",
      "username",
      "icon_emoji",
      "icon_url",
      "markdown_text",
    ],
    run: postMessage,
  },
  "chat.postEphemeral": {
    kind: "send",
    scopes: WRITE,
    fields: [...content, "channel", "user", "thread_ts", "username", "icon_emoji", "icon_url", "markdown_text"],
    run: postEphemeral,
  },
  "chat.update": {
    kind: "edit",
    scopes: WRITE,
    fields: [...content, "channel", "ts", "metadata", "reply_broadcast", "file_ids", "markdown_text"],
    run: update,
  },
  "chat.delete": { kind: "other", scopes: WRITE, fields: ["channel", "ts", "as_user"], run: remove },
};

function postMessage({ params, world }: Call) {
  const channel = writable(world, params);
  const said = readContent(params);
  const thread = readThread(world, channel, params);
  const metadata = readMetadata(params);
  const message = post(world, {
    channel,
    user: world.app.user,
    ...said,
    ...(thread !== undefined && { thread }),
    ...(metadata !== undefined && { metadata }),
  });
  return { channel: channel.id, ts: message.ts, message: wireOf(world, message) };
}

function postEphemeral({ params, world }: Call) {
  const channel = writable(world, params);
  const user = params.required("user");
  if (!world.people.byId(user)) throw new ApiRefusal("user_not_found");
  if (!channel.members.includes(user)) throw new ApiRefusal("user_not_in_channel");
  const thread = readThread(world, channel, params);
  const message = post(world, {
    channel,
    user: world.app.user,
    ...readContent(params),
    onlyFor: user,
    ...(thread !== undefined && { thread }),
  });
  return { message_ts: message.ts };
}

function update({ params, world }: Call) {
  const channel = writable(world, params);
  const message = ownMessage(world, channel, params.required("ts"), "cant_update_message");
  const { blocks, text } = readContent(params);
  changeMessage(world, message, text, blocks);
  return { channel: channel.id, ts: message.ts, text, message: wireOf(world, message) };
}

function remove({ params, world }: Call) {
  const channel = existing(world, params);
  const message = ownMessage(world, channel, params.required("ts"), "cant_delete_message");
  deleteMessage(world, message);
  return { channel: channel.id, ts: message.ts };
}

function ownMessage(world: World, channel: Channel, ts: string, word: string): Message {
  const message = world.messages.get(channel.id)?.get(ts);
  if (!message || message.deleted || message.onlyFor !== undefined) throw new ApiRefusal("message_not_found");
  if (!message.fromBot) throw new ApiRefusal(word);
  return message;
}

/** A channel, or a person whose direct messages are opened. */
export function existing(world: World, params: Params, name = "channel"): Channel {
  const id = params.required(name);
  const channel = world.people.byId(id) ? world.channels.direct(id) : world.channels.get(id);
  if (!channel) throw new ApiRefusal("channel_not_found");
  return channel;
}

export function writable(world: World, params: Params, name = "channel"): Channel {
  const channel = existing(world, params, name);
  if (channel.archived) throw new ApiRefusal("is_archived");
  if (!hears(world, channel)) throw new ApiRefusal(channel.kind === "channel" ? "not_in_channel" : "channel_not_found");
  return channel;
}

function readContent(params: Params): { readonly text: string; readonly blocks?: readonly Block[] } {
  const blocks = params.json("blocks");
  const text = params.text("text") ?? params.text("markdown_text") ?? "";
  const checked = blocks === undefined ? undefined : checkBlocks(blocks);
  if (text.trim() === "" && !checked?.length && params.json("attachments") === undefined)
    throw new ApiRefusal("no_text");
  // What is escaped takes up to five characters.
  if (text.length > (checked ? 5 * FALLBACK : TEXT)) throw new ApiRefusal("msg_too_long");
  return { text, ...(checked && { blocks: checked }) };
}

export function readThread(world: World, channel: Channel, params: Params): string | undefined {
  const thread = params.text("thread_ts");
  if (thread === undefined) return undefined;
  if (!/^\d+\.\d+$/.test(thread)) throw new ApiRefusal("invalid_thread_ts");
  const root = world.messages.get(channel.id)?.get(thread);
  if (!root) throw new ApiRefusal("thread_not_found");
  // An answer to an answer hangs on the same message.
  return root.thread ?? root.ts;
}

function readMetadata(params: Params): unknown {
  const metadata = params.json("metadata");
  if (metadata === undefined) return undefined;
  const { event_payload: payload, event_type: type } = (metadata ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof type !== "string" || typeof payload !== "object" || payload === null) {
    throw invalid("invalid_metadata_format", "metadata needs event_type and event_payload");
  }
  return metadata;
}

/** What an answer through an interaction's address says, or makes of the message that carried the control. */
export function answered(
  world: World,
  channel: Channel,
  { person, ts }: Interaction,
  body: Readonly<Record<string, unknown>>,
): void {
  const original = ts === undefined ? undefined : world.messages.get(channel.id)?.get(ts);
  if (body.delete_original === true && original) {
    deleteMessage(world, original);
    return;
  }
  const blocks = body.blocks === undefined ? undefined : checkBlocks(body.blocks);
  const text = typeof body.text === "string" ? body.text : "";
  if (text === "" && !blocks) throw new ApiRefusal("no_text");
  // Unless told otherwise an answer to a press takes the place of its message.
  if (body.replace_original !== false && original) {
    changeMessage(world, original, text, blocks);
    return;
  }
  post(world, {
    channel,
    user: world.app.user,
    text,
    ...(blocks && { blocks }),
    ...(body.response_type !== "in_channel" && { onlyFor: person }),
  });
}
