/** People say something. */
import { type AttachmentKind, SwitchboardError } from "@switchboard/domain";
import { typed } from "../text/typed.ts";
import type { Channel } from "../world/channels.ts";
import { typeOf } from "../world/files.ts";
import type { Message } from "../world/message.ts";
import { changeMessage, post } from "../world/post.ts";
import type { Person, World } from "../world/world.ts";

export interface Say {
  readonly from: Person;
  readonly channel: Channel;
  readonly text?: string;
  readonly thread?: string;
  readonly file?: {
    readonly kind: AttachmentKind;
    readonly bytes: Uint8Array;
    readonly name?: string;
    readonly mimeType?: string;
  };
  /** Read `*bold*` and the like, as the client does. */
  readonly marks?: boolean;
}

const usual: Readonly<Record<AttachmentKind, { readonly name: string; readonly mimeType: string }>> = {
  image: { name: "image.png", mimeType: "image/png" },
  video: { name: "clip.mp4", mimeType: "video/mp4" },
  audio: { name: "audio.mp3", mimeType: "audio/mpeg" },
  voice: { name: "audio_message.ogg", mimeType: "audio/ogg" },
  document: { name: "document.bin", mimeType: "application/octet-stream" },
  sticker: { name: "sticker.webp", mimeType: "image/webp" },
};

/** @throws REQ_001 for what Slack does not take. */
export function say(world: World, { channel, file, from, marks, text = "", thread }: Say): Message {
  if (!channel.members.includes(from.id)) throw new SwitchboardError("REQ_001", `${from.name} is not in the channel`);
  if (channel.archived) throw new SwitchboardError("REQ_001", "The channel is archived");
  if (text.trim() === "" && !file) throw new SwitchboardError("REQ_001", "There is nothing to say");
  const { blocks, text: stored } = typed(text, handles(world), marks);
  const root = thread === undefined ? undefined : world.messages.get(channel.id)?.get(thread);
  if (thread !== undefined && !root) throw new SwitchboardError("REQ_002", "That thread is gone");
  return post(world, {
    channel,
    user: from.id,
    text: stored,
    blocks,
    ...(root && { thread: root.thread ?? root.ts }),
    ...(file && { files: [attach(world, from, file).id] }),
  });
}

function attach(world: World, from: Person, { bytes, kind, mimeType, name }: NonNullable<Say["file"]>) {
  const title = name ?? usual[kind].name;
  const type = mimeType ?? (name === undefined ? usual[kind].mimeType : typeOf(name, bytes).mimeType);
  return world.files.add({ name: title, mimeType: type, kind, user: from.id }, bytes);
}

export function edit(world: World, message: Message, text: string, marks = false): void {
  const { blocks, text: stored } = typed(text, handles(world), marks);
  changeMessage(world, message, stored, blocks);
}

/** Everybody's id by handle, the bot's too. */
export function handles({ app, name, people }: World): Map<string, string> {
  return new Map([
    ...people.all().map(({ handle, id }): [string, string] => [handle, id]),
    [name.toLowerCase(), app.user],
  ]);
}

/** Everybody's name by id. */
export function names({ app, name, people }: World): Record<string, string> {
  return { ...Object.fromEntries(people.all().map((person) => [person.id, person.handle])), [app.user]: name };
}
