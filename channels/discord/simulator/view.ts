/** Messages as tests see them. */
import type { ConversationId, MessageId, SimulatedMessage, ThreadId } from "@switchboard/domain";
import type { APIMessage } from "discord-api-types/v10";
import { plainText, toRich } from "./pane/rich.ts";
import { LOADING, type Message } from "./world/types.ts";
import type { World } from "./world/world.ts";

export function sentMessages(world: World, conversation?: ConversationId): SimulatedMessage[] {
  return [...world.history.all()]
    .filter((message) => isSaid(message))
    .map((message) => simulated(world, message))
    .filter((message) => conversation === undefined || message.conversation === conversation);
}

/** Of the bot, and more than that an answer will come. */
export function isSaid({ fromBot, wire }: Message): boolean {
  return fromBot && ((wire.flags ?? 0) & LOADING) === 0;
}

/** Worked out once, as it is asked for again and again. */
export function simulated(world: World, message: Message): SimulatedMessage {
  const known = world.shown.get(message);
  if (known) return known;
  const shown = simulate(world, message);
  world.shown.set(message, shown);
  return shown;
}

function simulate(world: World, message: Message): SimulatedMessage {
  const { wire } = message;
  const channel = world.channel(wire.channel_id);
  const reply = wire.message_reference?.message_id;
  return {
    id: wire.id as MessageId,
    conversation: (channel.parent ?? channel.id) as ConversationId,
    ...(channel.parent !== undefined && { thread: channel.id as ThreadId }),
    text: plainText(toRich(wire.content, world)),
    controls: controlsOf(wire),
    attachments: wire.attachments.flatMap(({ id }) => {
      const file = world.files.get(id);
      const bytes = world.bytes.get(id);
      if (!file || !bytes) return [];
      return [{ kind: file.kind, fileName: file.name, mimeType: file.mimeType, bytes }];
    }),
    ...(reply !== undefined && { replyTo: reply as MessageId }),
    at: Date.parse(wire.timestamp),
    edits: message.edits,
    deleted: message.deleted,
  };
}

interface ControlLike {
  readonly label?: string;
  readonly url?: string;
  readonly options?: readonly { readonly label: string }[];
}

function controlsOf(wire: APIMessage): { label: string; url?: string }[][] {
  return (wire.components ?? []).map((row) =>
    ((row as { readonly components?: readonly ControlLike[] }).components ?? []).flatMap(({ label, options, url }) =>
      options ? options.map((option) => ({ label: option.label })) : [{ label: label ?? "", ...(url && { url }) }],
    ),
  );
}
