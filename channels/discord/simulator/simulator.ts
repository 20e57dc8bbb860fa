/** Starts the simulator: one port for any number of bots. */
import type {
  ConversationId,
  JsonObject,
  MessageId,
  SimulatedMessage,
  Simulator,
  SimulatorOptions,
  ThreadId,
} from "@switchboard/domain";
import { runSimulator, waitForMessage } from "@switchboard/simulator-kit";
import { api } from "./api.ts";
import { checkEndpoint } from "./endpoint.ts";
import { gateway } from "./gateway.ts";
import { pane } from "./pane/pane.ts";
import { command, createGroup, edit, press, quietThread, say, submitForm, suggestions } from "./people.ts";
import { isSaid, sentMessages, simulated } from "./view.ts";
import { publicKeyOf } from "./world/keys.ts";
import { react } from "./world/post.ts";
import type { Command, FormShown } from "./world/types.ts";
import { World } from "./world/world.ts";

export interface DiscordSimulator extends Simulator {
  /** The bot's user id. */
  readonly botId: string;
  account(name: string): DiscordSimulator;
  react: NonNullable<Simulator["react"]>;
  /** Somebody uses a slash command; in their direct messages unless a conversation is named. */
  command(input: {
    readonly from: string;
    readonly name: string;
    readonly text?: string;
    readonly conversation?: ConversationId;
  }): Promise<void>;
  /** What the bot suggests while somebody types a command's argument. */
  suggestions(input: {
    readonly from: string;
    readonly name: string;
    readonly typed: string;
  }): Promise<readonly string[]>;
  /** Resolves with the next form that the bot opens for anybody. */
  nextForm(): Promise<FormShown>;
  /** Somebody sends a form. */
  submit(input: {
    readonly from: string;
    readonly form: FormShown;
    readonly values: Readonly<Record<string, string>>;
  }): Promise<void>;
  /** The application's, as the developer portal shows it. */
  readonly publicKey: string;
  /** Sets the Interactions Endpoint URL, which Discord tries first; without one the gateway brings interactions again. */
  enterWebhook(url: string | undefined): Promise<void>;
  /** The same for one that does not exist: nothing is tried. */
  pretendEndpoint(url: string): void;
  /** What the newest call of that method sent to an address that ends so. */
  lastCall(method: string, ending: string): unknown;
  ownReactions: NonNullable<Simulator["ownReactions"]>;
  /** A gateway connection of the bot is open. */
  online(): boolean;
  /** The registered slash commands, and how often they were. */
  commands(): readonly Command[];
  registrations(): number;
  /** The time of all interactions is over. */
  expireInteractions(): void;
  /** Interactions that have not heard a first word. */
  unconfirmed(): number;
  /** Answers that were put off and are not there yet: "Desk is thinking…". */
  thinking(): number;
  /** A thread of which the bot was not told. */
  unknownThread(conversation: ConversationId): ThreadId;
  /** Messages that only this person sees. */
  whispers(person: string): readonly SimulatedMessage[];
}

export async function startSimulator(options: SimulatorOptions = {}): Promise<DiscordSimulator> {
  let address = "";
  const { accounts, close, first, paneUrl, url } = await runSimulator<World>({
    port: options.port,
    file: options.file,
    first: "Desk",
    open: ({ index, journal, name }) => new World(name, journal, index, () => address, options.history),
    close: (world) => world.close(),
    keyOf: ({ token }) => token,
    serve: api,
    upgrade: gateway,
    pane,
  });
  address = url;
  const of = (world: World): DiscordSimulator =>
    simulator(world, url, paneUrl(world.name), close, (name) => of(accounts.named(name)));
  return of(first);
}

function simulator(
  world: World,
  url: string,
  paneUrl: string,
  close: () => Promise<void>,
  account: (name: string) => DiscordSimulator,
): DiscordSimulator {
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
    pane: paneUrl,
    botId: world.bot.id,
    accountConfig: (): JsonObject => ({
      ...{ token: world.token, baseUrl: url, cdnUrl: url },
      publicKey: publicKeyOf(world.privateKey),
    }),
    createGroup: ({ kind = "group", people, threads = [], title }) =>
      act(() => {
        const made = createGroup(world, { title, people: people.map(person), channel: kind === "channel", threads });
        return {
          conversation: made.channel.id as ConversationId,
          threads: made.threads.map(({ id }) => id as ThreadId),
        };
      }),
    say: ({ attach, conversation, from, mention, replyTo, text, thread }) =>
      act(() => {
        const id = thread ?? conversation;
        const channel = id === undefined ? world.direct(person(from)) : world.channel(id);
        const said = say(world, person(from), { text, channel, replyTo, mention, ...(attach && { attach }) });
        return {
          conversation: (channel.parent ?? channel.id) as ConversationId,
          messageId: said.wire.id as MessageId,
        };
      }),
    edit: ({ messageId, text }) => act(() => edit(world, world.message(messageId), text)),
    react: ({ emoji, from, messageId }) => act(() => react(world, person(from).user, world.message(messageId), emoji)),
    press: ({ from, label, messageId }) => act(() => void press(world, person(from), world.message(messageId), label)),
    command: ({ conversation, from, name, text = "" }) =>
      act(() => {
        const channel = conversation === undefined ? world.direct(person(from)) : world.channel(conversation);
        command(world, person(from), channel, name, text);
      }),
    suggestions: ({ from, name, typed }) => suggestions(world, person(from), world.direct(person(from)), name, typed),
    nextForm: () =>
      new Promise((resolve) => {
        const stop = world.changes.listen((change) => {
          if (change.kind !== "form") return;
          stop();
          resolve(change.form);
        });
      }),
    submit: ({ form: { customId, id }, from, values }) =>
      act(() => void submitForm(world, person(from), { token: id, customId, values })),
    publicKey: publicKeyOf(world.privateKey),
    async enterWebhook(endpoint) {
      if (endpoint !== undefined) await checkEndpoint(world, endpoint);
      world.endpoint = endpoint;
    },
    pretendEndpoint: (endpoint) => {
      world.endpoint = endpoint;
    },
    lastCall: (method, ending) =>
      world.calls.findLast((call) => call.method === method && call.path.endsWith(ending))?.json,
    ownReactions: ({ messageId }) =>
      Object.entries(world.message(messageId).reactions).flatMap(([emoji, by]) =>
        by.includes(world.bot.id) ? [emoji] : [],
      ),
    online: () => world.online,
    commands: () => world.commands,
    registrations: () => world.registrations,
    expireInteractions: () => world.expireInteractions(),
    unconfirmed: () => world.unconfirmed.size,
    thinking: () => world.thinking(),
    unknownThread: (conversation) => quietThread(world, world.channel(conversation), "late").id as ThreadId,
    whispers: (name) =>
      [...world.history.all()]
        .filter(({ deleted, onlyFor }) => onlyFor === person(name).user.id && !deleted)
        .map((message) => simulated(world, message)),
    sent: ({ conversation } = {}) => sentMessages(world, conversation),
    waitFor: (found, options) =>
      waitForMessage(
        {
          sent: (conversation) => sentMessages(world, conversation),
          listen: (listener) =>
            world.changes.listen((change) => {
              if (change.kind === "message" && isSaid(change.message)) listener(simulated(world, change.message));
            }),
        },
        found,
        options,
      ),
    typing: () => world.typing.chats().map(({ id, parent }) => (parent ?? id) as ConversationId),
    inject: (fault) => world.inject(fault),
    redeliver: async (count) => world.redeliver(count),
    account,
    close,
  };
}
