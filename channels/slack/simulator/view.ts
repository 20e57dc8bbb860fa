/** Messages of the bot as tests and the bench look at them. What costs something is worked out when it is asked for. */
import type { ConversationId, MessageId, SimulatedMessage, ThreadId } from "@switchboard/domain";
import type { Sent } from "@switchboard/simulator-kit";
import { labelOf } from "./people/interact.ts";
import { names } from "./people/say.ts";
import { toHtml } from "./text/html.ts";
import { nodes, shownText } from "./text/plain.ts";
import { richMessage } from "./text/rich.ts";
import { type Message, timeOf } from "./world/message.ts";
import type { World } from "./world/world.ts";

export function isSent({ fromBot, subtype }: Message): boolean {
  return fromBot && subtype === undefined;
}

/** What the bot sent, oldest first. */
export function sentMessages(world: World, conversation?: ConversationId): SimulatedMessage[] {
  const all = conversation === undefined ? world.history.all() : (world.messages.get(conversation)?.values() ?? []);
  const sent: SimulatedMessage[] = [];
  for (const message of all) if (isSent(message)) sent.push(viewOf(world, message));
  return sent;
}

/** Where `waitFor` looks. */
export function sentIn(world: World): Sent {
  return {
    sent: (conversation) => sentMessages(world, conversation),
    listen: (listener) =>
      world.changes.listen((change) => {
        if (change.kind === "message" && isSent(change.message)) listener(viewOf(world, change.message));
      }),
  };
}

function viewOf(world: World, message: Message): SimulatedMessage {
  const { channel, deleted, edits, files, thread, ts } = message;
  return {
    // A file is known by its own id: Slack does not tell its uploader the message's.
    id: (files[0] === undefined ? ts : `file:${files[0]}`) as MessageId,
    conversation: channel as ConversationId,
    ...(thread !== undefined && { thread: thread as ThreadId }),
    text: textOf(world, message),
    get html() {
      return toHtml(richMessage(message, names(world)));
    },
    controls: controlsOf(message),
    get attachments() {
      return files.flatMap((id) => {
        const file = world.files.byId(id);
        const bytes = file && world.files.bytes(file);
        return bytes ? [{ kind: file.kind, fileName: file.name, mimeType: file.mimeType, bytes }] : [];
      });
    },
    at: timeOf(message),
    edits,
    deleted,
  };
}

/** Snippets are read in the message, once they are unfolded. */
function textOf(world: World, message: Message): string {
  const snippets = message.files.flatMap((id) => world.files.textOf(id) ?? []);
  return [shownText(message, names(world)), ...snippets].filter((text) => text !== "").join("\n");
}

/** Buttons, and the options of selects, row by row. */
export function controlsOf({ blocks = [] }: Pick<Message, "blocks">): { label: string; url?: string }[][] {
  return blocks
    .filter(({ type }) => type === "actions")
    .map((block) =>
      nodes(block.elements).flatMap((element) => {
        if (element.type === "static_select")
          return nodes(element.options).map(({ text }) => ({ label: labelOf(text) }));
        return [{ label: labelOf(element.text), ...(typeof element.url === "string" && { url: element.url }) }];
      }),
    );
}
