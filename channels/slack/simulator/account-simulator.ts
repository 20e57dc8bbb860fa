/** One app's side of the simulator: what tests, the bench and the sandbox drive. */
import type { ConversationId, Fault, JsonObject, MessageId, Simulator, ThreadId, Transport } from "@switchboard/domain";
import { waitForMessage } from "@switchboard/simulator-kit";
import { emojiOf, nameOfEmoji } from "../src/emoji.ts";
import { tellEvent } from "./events/tell.ts";
import { archive, createChannel, join, leave, rename } from "./people/channels.ts";
import { command, openHome, press, submit } from "./people/interact.ts";
import { edit, say } from "./people/say.ts";
import { beginThread } from "./people/threads.ts";
import { sentIn, sentMessages } from "./view.ts";
import type { Message } from "./world/message.ts";
import { channelOf, messageOf, react } from "./world/post.ts";
import { expireToken, rotateTokens } from "./world/rotation.ts";
import { nextStamp, setUp, type World } from "./world/world.ts";

/** A simulator as one app sees it. */
export interface SlackAccountSimulator extends Simulator {
  readonly username: string;
  react: NonNullable<Simulator["react"]>;
  enterWebhook: NonNullable<Simulator["enterWebhook"]>;
  /** `/name rest`, in the direct messages with the bot unless a channel is named. */
  command(input: {
    readonly from: string;
    readonly line: string;
    readonly conversation?: ConversationId;
  }): Promise<void>;
  /** Fills in the newest form that is open before somebody; `values` by `<block>/<action>`. */
  submit(input: {
    readonly from: string;
    readonly form: string;
    readonly values: Readonly<Record<string, string>>;
  }): Promise<void>;
  /** The forms that are open before somebody, oldest first. */
  openForms(person: string): readonly string[];
  openHome(person: string): Promise<void>;
  openMessages(person: string): Promise<void>;
  /** Somebody begins a conversation in the panel for agents. */
  beginThread(person: string): Promise<{ readonly conversation: ConversationId; readonly thread: ThreadId }>;
  /** What the app suggests below a message, and what it calls the thread. */
  panel(conversation: ConversationId, message: string): Pick<Message, "suggested" | "title">;
  /** What the app put on somebody's Home tab. */
  home(person: string): Readonly<Record<string, unknown>> | undefined;
  join(person: string, conversation: ConversationId): Promise<void>;
  leave(person: string, conversation: ConversationId): Promise<void>;
  addBot(conversation: ConversationId): Promise<void>;
  removeBot(conversation: ConversationId): Promise<void>;
  rename(conversation: ConversationId, title: string): Promise<void>;
  archive(conversation: ConversationId): Promise<void>;
  /** What only one person sees, too. */
  shownTo(person: string): readonly Message[];
  ownReactions: NonNullable<Simulator["ownReactions"]>;
  /** Turns token rotation on and returns what the account needs for it. */
  rotateTokens(): JsonObject;
  /** The token that the bot has now ends. */
  expireToken(): void;
  /** Somebody removes the app from the workspace. */
  uninstall(): void;
  /** What an account needs so that others can install the app, beside its own config. */
  clientConfig(): JsonObject;
  /** Socket Mode connections that stand. */
  sockets(): number;
  /** The connections that stand go dead without a word. */
  freezeSockets(): void;
  /** Deliveries that the app has not confirmed. */
  unacknowledged(): number;
  /** Envelopes that were sent once more because nobody had acknowledged them in time. */
  repeats(): number;
  /** Slack takes the oldest connection away, or all of them and Socket Mode with them. */
  disconnect(reason: "warning" | "refresh_requested" | "link_disabled"): void;
}

export function accountSimulator(world: World, pane: string, close: () => Promise<void>): SlackAccountSimulator {
  /** Nobody is told before it is kept. */
  const act = async <T>(action: () => T): Promise<T> => {
    try {
      return action();
    } finally {
      world.journal.flush();
    }
  };
  const person = (name: string) => world.people.named(name);
  const { app } = world;

  return {
    url: `${world.base.url}/api/`,
    pane,
    username: world.name,
    accountConfig({ transport }: { readonly transport?: Transport } = {}): JsonObject {
      // Slack has nothing to poll: who asks for that gets what there is.
      if (transport !== undefined) setUp(world, { socketMode: transport !== "webhook" });
      return {
        botToken: app.botToken,
        baseUrl: `${world.base.url}/api/`,
        ...(transport === "webhook" ? {} : { appToken: app.appToken }),
        ...(transport === "websocket" ? {} : { signingSecret: app.signingSecret }),
        ...((transport === "webhook" || transport === "websocket") && { transport }),
      };
    },
    enterWebhook: (url) => setUp(world, { socketMode: app.socketMode, requestUrl: url }),

    createGroup: ({ title, people, threads = [] }) =>
      act(() => {
        const made = createChannel(world, { kind: "channel", title, people: people.map(person), threads });
        return {
          conversation: made.channel.id as ConversationId,
          threads: made.threads.map((ts) => ts as ThreadId),
        };
      }),

    say: ({ attach, conversation, from, mention, replyTo, text, thread }) =>
      act(() => {
        const who = person(from);
        const channel = conversation === undefined ? world.channels.direct(who.id) : channelOf(world, conversation);
        const words = [...(mention ? [`@${world.name}`] : []), ...(text === undefined ? [] : [text])].join(" ");
        const root = thread ?? replyTo;
        const message = say(world, {
          from: who,
          channel,
          text: words,
          ...(root !== undefined && { thread: root }),
          ...(attach && {
            file: {
              kind: attach.kind,
              bytes: attach.bytes,
              ...(attach.fileName !== undefined && { name: attach.fileName }),
              ...(attach.mimeType !== undefined && { mimeType: attach.mimeType }),
            },
          }),
        });
        return { conversation: channel.id as ConversationId, messageId: message.ts as MessageId };
      }),

    edit: ({ conversation, messageId, text }) =>
      act(() => edit(world, messageOf(world, conversation, messageId), text)),

    react: ({ conversation, emoji, from, messageId }) =>
      act(() => react(world, messageOf(world, conversation, messageId), person(from).id, nameOfEmoji(emoji))),

    press: ({ conversation, from, label, messageId }) =>
      act(() => void press(world, person(from), messageOf(world, conversation, messageId), label)),

    command: ({ conversation, from, line }) =>
      act(() => {
        const who = person(from);
        const channel = conversation === undefined ? world.channels.direct(who.id) : channelOf(world, conversation);
        command(world, who, channel, line);
      }),
    submit: ({ form, from, values }) => act(() => submit(world, person(from), form, values)),
    openForms: (name) => world.openForms.filter((form) => form.person === person(name).id).map(({ id }) => id),
    openHome: (name) => act(() => openHome(world, person(name))),
    openMessages: (name) => act(() => openHome(world, person(name), "messages")),
    beginThread: (name) =>
      act(() => {
        const { channel, ts } = beginThread(world, person(name));
        return { conversation: channel as ConversationId, thread: ts as ThreadId };
      }),
    panel: (conversation, message) => {
      const { suggested, title } = messageOf(world, conversation, message);
      return { ...(suggested && { suggested }), ...(title !== undefined && { title }) };
    },
    home: (name) => world.homes.get(person(name).id),

    join: (name, conversation) => act(() => join(world, channelOf(world, conversation), person(name).id)),
    leave: (name, conversation) => act(() => leave(world, channelOf(world, conversation), person(name).id)),
    addBot: (conversation) => act(() => join(world, channelOf(world, conversation), app.user)),
    removeBot: (conversation) => act(() => leave(world, channelOf(world, conversation), app.user)),
    rename: (conversation, title) => act(() => rename(world, channelOf(world, conversation), title)),
    archive: (conversation) =>
      act(() => {
        const channel = channelOf(world, conversation);
        archive(world, channel, channel.members[0] ?? app.user, true);
      }),

    sent: ({ conversation } = {}) => sentMessages(world, conversation),
    waitFor: (found, options) => waitForMessage(sentIn(world), found, options),
    shownTo: (name) =>
      [...world.history.all()].filter(({ deleted, onlyFor }) => !deleted && onlyFor === person(name).id),
    ownReactions: ({ conversation, messageId }) =>
      Object.entries(messageOf(world, conversation, messageId).reactions)
        .filter(([, by]) => by.includes(app.user))
        .map(([name]) => emojiOf(name)),
    typing: () => world.typing.chats().map((id) => id as ConversationId),
    inject: (fault: Fault) => world.faults.add(fault),
    redeliver: (count) => act(() => (world.home ?? world).queue.redeliver(count)),
    rotateTokens() {
      rotateTokens(world);
      world.journal.flush();
      const { botToken, clientId, clientSecret, refreshToken = "" } = app;
      return { botToken, clientId, clientSecret, refreshToken };
    },
    expireToken() {
      expireToken(world);
      world.journal.flush();
    },
    uninstall() {
      tellEvent(world, "app", { type: "app_uninstalled", event_ts: nextStamp(world) });
      world.journal.flush();
    },
    clientConfig: () => ({ clientId: app.clientId, clientSecret: app.clientSecret }),
    sockets: () => (world.home ?? world).sockets.size,
    freezeSockets: () => world.sockets.freeze(),
    repeats: () => (world.home ?? world).sockets.repeats,
    unacknowledged: () => (world.home ?? world).queue.size,
    disconnect(reason) {
      if (reason === "link_disabled") app.socketMode = false;
      world.sockets.refresh(reason);
    },
    close,
  };
}
