/** Starts the simulator: one port for any number of business accounts. */
import {
  type ConversationId,
  type JsonObject,
  type MessageId,
  type Simulator,
  type SimulatorOptions,
  SwitchboardError,
} from "@switchboard/domain";
import { runSimulator, waitForMessage } from "@switchboard/simulator-kit";
import { api } from "./api/server.ts";
import { pane } from "./pane/pane.ts";
import { lapse, press, react, say } from "./people.ts";
import { conversationOf, sentMessages, simulated } from "./sent.ts";
import { addTemplate, closeWorld, type Message, openWorld, type Person, personOf, type World } from "./world.ts";

type SayInput = Parameters<Simulator["say"]>[0] & {
  /** Anything else that WhatsApp can send, by its type and content. */
  readonly other?: { readonly type: string; readonly content: Readonly<Record<string, unknown>> };
};

export interface WhatsAppSimulator extends Simulator {
  say(input: SayInput): Promise<{ readonly conversation: ConversationId; readonly messageId: MessageId }>;
  react: NonNullable<Simulator["react"]>;
  /** The ids of the main number and of another one of the business. */
  readonly phones: readonly [string, string];
  /** A day passes without a word of somebody. */
  lapse(person: string): void;
  /** Has a template approved; `body` may hold `{{1}}` and so on. */
  approve(template: { readonly name: string; readonly body: string; readonly buttons?: readonly string[] }): void;
  ownReactions: NonNullable<Simulator["ownReactions"]>;
  /** Minutes pass: addresses of files are good no longer. */
  expireAddresses(): void;
  account(name: string): WhatsAppSimulator;
}

const HISTORY = 20_000;
const NO_GROUPS = "The simulated business has no groups.";

export async function startSimulator(options: SimulatorOptions = {}): Promise<WhatsAppSimulator> {
  const { file, history = HISTORY, port, webhookRetryMs = 1000 } = options;
  const { accounts, close, first, paneUrl, url } = await runSimulator<World>({
    port,
    file,
    first: "Switchboard",
    open: (input) => openWorld({ ...input, history, webhookRetryMs }),
    close: closeWorld,
    keyOf: ({ account }) => account.token,
    serve: api,
    pane,
  });
  const of = (world: World): WhatsAppSimulator => ({
    ...accountSimulator(world),
    url,
    pane: paneUrl(world.name),
    accountConfig: (): JsonObject => {
      const { appSecret, businessAccountId, phones, token } = world.account;
      return { accessToken: token, appSecret, baseUrl: url, businessAccountId, phoneNumberId: phones[0] };
    },
    account: (name) => of(accounts.named(name)),
    close,
  });
  return of(first);
}

type Shared = Omit<WhatsAppSimulator, "url" | "pane" | "accountConfig" | "account" | "close">;

function accountSimulator(world: World): Shared {
  /** Nobody is told before it is kept. */
  const act = async <T>(action: () => T): Promise<T> => {
    try {
      return action();
    } finally {
      world.journal.flush();
    }
  };
  const sent: Simulator["sent"] = ({ conversation } = {}) => sentMessages(world, conversation);
  return {
    phones: world.account.phones,
    createGroup: ({ people }) =>
      act(() => {
        for (const name of people) world.people.named(name);
        throw new SwitchboardError("MSG_008", NO_GROUPS);
      }),
    say: ({ attach, conversation, from, other, replyTo, text }) =>
      act(() => {
        const person = world.people.named(from);
        const phone = placeOf(world, conversation, person);
        const message = say(world, {
          from: person,
          phone,
          ...(text !== undefined && { text }),
          ...(attach && { attach }),
          ...(other && { other }),
          ...(replyTo !== undefined && { replyTo }),
        });
        return { conversation: conversationOf(world, person.id, phone), messageId: message.id as MessageId };
      }),
    edit: async () => {
      throw new SwitchboardError("MSG_008", "Meta does not tell businesses of edits.");
    },
    react: ({ emoji, from, messageId }) =>
      act(() => react(world, world.people.named(from), messageOf(world, messageId), emoji)),
    press: ({ from, label, messageId }) =>
      act(() => void press(world, world.people.named(from), messageOf(world, messageId), label)),
    sent,
    waitFor: (found, options) =>
      waitForMessage(
        {
          sent: (conversation) => sent(conversation === undefined ? {} : { conversation }),
          listen: (listener) =>
            world.changes.listen((change) => {
              if (change.kind !== "message" || !change.message.fromAccount || change.message.status === "failed")
                return;
              listener(simulated(world, change.message));
            }),
        },
        found,
        options,
      ),
    typing: () => world.typing.chats().map((chat) => conversationOf(world, chat, world.account.phones[0])),
    inject: (fault) => world.faults.add(fault),
    redeliver: (count) => act(() => world.queue.redeliver(count)),
    approve: ({ body, buttons = [], name }) =>
      void addTemplate(world, {
        name,
        language: "en_US",
        category: "UTILITY",
        status: "APPROVED",
        components: [
          { type: "BODY", text: body },
          ...(buttons.length > 0
            ? [{ type: "BUTTONS", buttons: buttons.map((text) => ({ type: "QUICK_REPLY" as const, text })) }]
            : []),
        ],
      }),
    ownReactions: ({ messageId }) => {
      const { account } = messageOf(world, messageId).reactions;
      return account === undefined ? [] : [account];
    },
    expireAddresses: () => world.addresses.clear(),
    lapse: (name) => lapse(world, world.people.named(name)),
  };
}

/** The number that somebody writes to. */
function placeOf(world: World, conversation: ConversationId | undefined, person: Person): string {
  const [main, further] = world.account.phones;
  const [chat, phone = main] = (conversation ?? person.id).split("~");
  if (personOf(world, chat ?? "") !== person || (phone !== main && phone !== further)) {
    throw new SwitchboardError("REQ_002", `No chat ${conversation} of ${person.name}`);
  }
  return phone;
}

function messageOf(world: World, id: MessageId): Message {
  const message = world.byId.get(id);
  if (!message) throw new SwitchboardError("REQ_002", `No message ${id}`);
  return message;
}
