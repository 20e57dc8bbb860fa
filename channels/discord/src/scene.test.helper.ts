/** An account connected to a simulator, for what the contract suite does not know. */
import type {
  AccountContext,
  CommandHint,
  Connected,
  Connection,
  InboundEvent,
  JsonObject,
  OutboundContent,
  PeerId,
  SendReceipt,
  Target,
} from "@switchboard/domain";
import { type ContractAccount, contractAccount } from "@switchboard/testkit/channel";
import { type DiscordSimulator, startSimulator } from "../simulator/index.ts";
import channel from "./index.ts";

export interface DiscordScene extends AsyncDisposable {
  readonly simulator: DiscordSimulator;
  readonly account: ContractAccount;
  readonly connection: Connection;
  /** Everything that was logged, as text. */
  readonly logged: string[];
  connect(): Promise<Connected>;
  events(): InboundEvent[];
  /** Resolves with the first event of that kind. */
  event<Kind extends InboundEvent["kind"]>(kind: Kind): Promise<Extract<InboundEvent, { kind: Kind }>>;
  until(condition: () => boolean, what: string): Promise<void>;
  send(target: Target, content: OutboundContent): Promise<SendReceipt[]>;
}

export interface SceneInput {
  readonly simulator?: DiscordSimulator;
  readonly config?: JsonObject;
  readonly commands?: readonly CommandHint[];
  readonly memory?: Map<string, string>;
}

const PATIENCE_MS = 8_000;
let deliveries = 0;

export async function discordScene(input: SceneInput = {}): Promise<DiscordScene> {
  const simulator = input.simulator ?? (await startSimulator());
  const logged: string[] = [];
  const account = contractAccount({
    channel,
    config: { ...simulator.accountConfig(), ...input.config },
    memory: input.memory ?? new Map(),
    generation: 1,
    log: (line) => logged.push(line),
  });
  const context = { ...account.context, ...(input.commands && { commands: input.commands }) } as AccountContext<never>;
  const connection = await channel.open(context);
  const self = { id: simulator.botId as PeerId };
  const events = () => account.received.flatMap((event) => channel.normalise(event, account.reader(self)));
  const until: DiscordScene["until"] = async (condition, what) => {
    const deadline = performance.now() + PATIENCE_MS;
    while (!condition()) {
      if (performance.now() > deadline) throw new Error(`did not happen: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
  };
  return {
    simulator,
    account,
    connection,
    logged,
    connect: () => connection.connect(),
    events,
    until,
    async event<Kind extends InboundEvent["kind"]>(kind: Kind) {
      const search = () => events().find((event) => event.kind === kind);
      await until(() => search() !== undefined, `an event of kind ${kind}`);
      return search() as Extract<InboundEvent, { kind: Kind }>;
    },
    async send(target, content) {
      const receipts: SendReceipt[] = [];
      for (const part of channel.render(content, target)) {
        const { signal } = account.context;
        const deliveryId = `dlv_scene_${++deliveries}`;
        receipts.push(await connection.send(target, part, { deliveryId, number: 1, kind: "answer", signal }));
      }
      return receipts;
    },
    async [Symbol.asyncDispose]() {
      account.stop();
      await connection.disconnect();
      if (!input.simulator) await simulator.close();
    },
  };
}

/** Where an answer to the event goes, as the gateway says it. */
export function answerTo(event: InboundEvent, more: Partial<Target> = {}): Target {
  return {
    conversation: event.conversation.id,
    kind: event.conversation.kind,
    ...(event.thread !== undefined && { thread: event.thread }),
    ...(event.sender && { peer: event.sender.id }),
    ...((event.kind === "command" || event.kind === "control") && event.callback && { callback: event.callback }),
    ...more,
  };
}
