/** One bot's side of the simulator: what tests, the bench and the sandbox drive. */
import {
  type AttachmentKind,
  type ConversationId,
  type Fault,
  type JsonObject,
  type MessageId,
  type Simulator,
  SwitchboardError,
  type ThreadId,
  type Transport,
} from "@switchboard/domain";
import { waitForMessage } from "@switchboard/simulator-kit";
import { edit } from "./people/edit.ts";
import { createGroup, migrate } from "./people/groups.ts";
import { addBot, block, join, leave, removeBot, unblock } from "./people/membership.ts";
import { press, react } from "./people/react.ts";
import { type Say, say } from "./people/say.ts";
import { sentIn, sentMessages } from "./sent.ts";
import type { Chat, StoredMessage } from "./world/chats.ts";
import type { FileKind, NewFile } from "./world/files.ts";
import type { Counts } from "./world/history.ts";
import type { Content } from "./world/post.ts";
import { setTopicClosed } from "./world/topics.ts";
import type { World } from "./world/world.ts";

type SayInput = Parameters<Simulator["say"]>[0];
type Attachment = NonNullable<SayInput["attach"]>;

export interface TelegramSayInput extends SayInput {
  /** Read `**bold**`, `__italic__`, `` `code` `` and the like, as a client does. */
  readonly markdown?: boolean;
  /** An album. */
  readonly album?: readonly Attachment[];
  /** Anything else that Telegram can show, by its field in a message: a location, a contact, a poll. */
  readonly content?: Content;
}

/** A simulator as one bot sees it. */
export interface BotSimulator extends Simulator {
  readonly username: string;
  say(input: TelegramSayInput): Promise<{ readonly conversation: ConversationId; readonly messageId: MessageId }>;
  react: NonNullable<Simulator["react"]>;
  join(person: string, conversation: ConversationId): Promise<void>;
  leave(person: string, conversation: ConversationId): Promise<void>;
  /** The person no longer wants to hear from the bot. Writing to it ends that. */
  block(person: string): Promise<void>;
  unblock(person: string): Promise<void>;
  addBot(conversation: ConversationId): Promise<void>;
  removeBot(conversation: ConversationId): Promise<void>;
  /** A basic group becomes a supergroup; resolves with its new id. */
  migrate(conversation: ConversationId): Promise<ConversationId>;
  closeTopic(conversation: ConversationId, thread: ThreadId): Promise<void>;
  reopenTopic(conversation: ConversationId, thread: ThreadId): Promise<void>;
  /** How many messages there have been, also those no longer kept. */
  counts(): Counts;
  /** Updates that the bot has not confirmed. */
  pendingUpdates(): number;
}

const kinds: Readonly<Record<AttachmentKind, FileKind>> = {
  image: "photo",
  video: "video",
  audio: "audio",
  voice: "voice",
  document: "document",
  sticker: "sticker",
};

export function botSimulator(world: World, url: string, pane: string, close: () => Promise<void>): BotSimulator {
  /** Nobody is told before it is kept. */
  const act = async <T>(action: () => T): Promise<T> => {
    try {
      return action();
    } finally {
      world.journal.flush();
    }
  };
  const person = (name: string) => world.people.named(name);

  return {
    url,
    pane,
    username: world.bot.user.username,
    accountConfig: ({ transport }: { readonly transport?: Transport } = {}): JsonObject => ({
      token: world.bot.token,
      baseUrl: url,
      ...(transport && { transport }),
    }),

    createGroup: ({ title, people, kind = "group", threads = [] }) =>
      act(() => {
        const members = people.map(person);
        const { chat, topics } = createGroup(world, {
          title,
          people: members,
          channel: kind === "channel",
          topics: threads,
        });
        return { conversation: conversationOf(chat), threads: topics.map(({ id }) => String(id) as ThreadId) };
      }),

    say: (input) =>
      act(() => {
        const [first] = say(world, sayInput(world, input));
        return { conversation: conversationOf(first.chat), messageId: String(first.wire.message_id) as MessageId };
      }),

    edit: ({ conversation, messageId, text }) =>
      act(() => edit(world, messageIn(world, conversation, messageId), text)),

    react: ({ from, conversation, messageId, emoji }) =>
      act(() => react(world, person(from), messageIn(world, conversation, messageId), emoji)),

    press: ({ from, conversation, messageId, label }) =>
      act(() => void press(world, person(from), messageIn(world, conversation, messageId), label)),

    join: (name, conversation) => act(() => join(world, chatOf(world, conversation), person(name))),
    leave: (name, conversation) => act(() => leave(world, chatOf(world, conversation), person(name))),
    block: (name) => act(() => block(world, person(name))),
    unblock: (name) => act(() => unblock(world, person(name))),
    addBot: (conversation) => act(() => addBot(world, ...someoneIn(world, conversation))),
    removeBot: (conversation) => act(() => removeBot(world, ...someoneIn(world, conversation))),
    migrate: (conversation) => act(() => conversationOf(migrate(world, chatOf(world, conversation)))),
    closeTopic: (conversation, thread) => act(() => closeTopic(world, conversation, thread, true)),
    reopenTopic: (conversation, thread) => act(() => closeTopic(world, conversation, thread, false)),

    sent: ({ conversation } = {}) => sentMessages(world, conversation),
    waitFor: (found, options) => waitForMessage(sentIn(world), found, options),
    typing: () => world.typing.chats().map(conversationOf),
    inject: (fault: Fault) => world.faults.add(fault),
    redeliver: (count) => act(() => world.updates.redeliver(count)),
    counts: () => ({ ...world.history.counts }),
    pendingUpdates: () => world.updates.size,
    close,
  };
}

function conversationOf(chat: Chat): ConversationId {
  return String(chat.id) as ConversationId;
}

function chatOf(world: World, conversation: ConversationId): Chat {
  const chat = world.chats.get(Number(conversation));
  if (!chat) throw new SwitchboardError("REQ_002", `No chat ${conversation}`);
  return chat;
}

function messageIn(world: World, conversation: ConversationId, id: MessageId): StoredMessage {
  const message = world.history.find(chatOf(world, conversation), Number(id));
  if (!message) throw new SwitchboardError("REQ_002", `No message ${id} in chat ${conversation}`);
  return message;
}

function sayInput(world: World, input: TelegramSayInput): Say {
  const { text, conversation, thread, replyTo, mention, attach, album, markdown, content } = input;
  const from = world.people.named(input.from);
  const chat = conversation === undefined ? world.chats.private(from) : chatOf(world, conversation);
  const address = mention ? `@${world.bot.user.username}` : "";
  const words = [address, text].filter((part) => part !== undefined && part !== "").join(" ");
  const files = [...(attach ? [attach] : []), ...(album ?? [])].map(newFile);
  return {
    from,
    chat,
    ...(words !== "" && { text: words }),
    ...(markdown && { markdown }),
    ...(files.length > 0 && { files }),
    ...(content && { content }),
    ...(thread !== undefined && { thread: Number(thread) }),
    ...(replyTo !== undefined && { replyTo: messageIn(world, conversationOf(chat), replyTo) }),
  };
}

function newFile({ kind, bytes, fileName, mimeType }: Attachment): NewFile {
  return {
    kind: kinds[kind],
    bytes,
    ...(fileName !== undefined && { name: fileName }),
    ...(mimeType !== undefined && { mimeType }),
  };
}

/** Somebody who could bring the bot in or throw it out. */
function someoneIn(world: World, conversation: ConversationId) {
  const chat = chatOf(world, conversation);
  const [id] = [...chat.members.keys()].filter((member) => member !== world.self.id);
  const user = id === undefined ? undefined : world.people.byId(id)?.user;
  if (!user) throw new SwitchboardError("REQ_001", `Nobody else is in chat ${conversation}`);
  return [chat, user] as const;
}

function closeTopic(world: World, conversation: ConversationId, thread: ThreadId, closed: boolean): void {
  const [chat, user] = someoneIn(world, conversation);
  const topic = chat.topics.get(Number(thread));
  if (!topic) throw new SwitchboardError("REQ_002", `No topic ${thread} in chat ${conversation}`);
  setTopicClosed(world, chat, topic, user, closed);
}
