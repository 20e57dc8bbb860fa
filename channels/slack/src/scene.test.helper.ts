/** A connection to a simulated Slack, as the gateway would hold it. */
import type {
  Connection,
  InboundEvent,
  JsonObject,
  OutboundContent,
  RawEvent,
  SendReceipt,
  Target,
} from "@switchboard/domain";
import { type ContractAccount, contractAccount } from "@switchboard/testkit/channel";
import { type SlackSimulator, type SlackSimulatorOptions, startSimulator } from "../simulator/index.ts";
import channel from "./index.ts";

type EventOf<Kind extends InboundEvent["kind"]> = Extract<InboundEvent, { kind: Kind }>;

export interface Scene extends AsyncDisposable {
  readonly simulator: SlackSimulator;
  readonly account: ContractAccount;
  readonly connection: Connection;
  readonly log: readonly string[];
  received(): readonly RawEvent[];
  events(): InboundEvent[];
  /** Resolves with the first event that satisfies `found`. */
  event<Kind extends InboundEvent["kind"]>(
    kind: Kind,
    found?: (event: EventOf<Kind>) => boolean,
  ): Promise<EventOf<Kind>>;
  send(target: Target, content: OutboundContent, deliveryId?: string): Promise<SendReceipt[]>;
  until(condition: () => boolean, what: string): Promise<void>;
}

export interface SceneOptions {
  readonly config?: JsonObject;
  readonly memory?: Map<string, string>;
  readonly simulator?: SlackSimulator;
  readonly simulated?: SlackSimulatorOptions;
}

const PATIENCE_MS = 8_000;

export async function scene(options: SceneOptions = {}): Promise<Scene> {
  const simulator = options.simulator ?? (await startSimulator({ acknowledgeMs: 100, ...options.simulated }));
  const log: string[] = [];
  const account = contractAccount({
    channel,
    config: { ...simulator.accountConfig({ transport: "websocket" }), socketPauseMs: 5, ...options.config },
    memory: options.memory ?? new Map(),
    generation: 1,
    log: (line) => log.push(line),
  });
  const connection = await channel.open(account.context as Parameters<typeof channel.open>[0]);
  const { self } = await connection.connect();
  const events = () => account.received.flatMap((raw) => channel.normalise(raw, account.reader(self)));
  const until: Scene["until"] = async (condition, what) => {
    const deadline = performance.now() + PATIENCE_MS;
    while (!condition()) {
      if (performance.now() > deadline) throw new Error(`did not happen: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
  };
  let deliveries = 0;
  return {
    simulator,
    account,
    connection,
    log,
    received: () => account.received,
    events,
    until,
    async event<Kind extends InboundEvent["kind"]>(kind: Kind, found: (event: EventOf<Kind>) => boolean = () => true) {
      const search = () =>
        events().find((event): event is EventOf<Kind> => event.kind === kind && found(event as EventOf<Kind>));
      await until(() => search() !== undefined, `an event of kind ${kind}`);
      const event = search();
      if (!event) throw new Error("it was there a moment ago");
      return event;
    },
    async send(target, content, deliveryId) {
      const receipts: SendReceipt[] = [];
      for (const part of channel.render(content, target)) {
        deliveries += 1;
        const { signal } = new AbortController();
        const attempt = { deliveryId: deliveryId ?? `dlv_${deliveries}`, number: 1, kind: "answer", signal } as const;
        receipts.push(await connection.send(target, part, attempt));
      }
      return receipts;
    },
    async [Symbol.asyncDispose]() {
      account.stop();
      await connection.disconnect();
      if (!options.simulator) await simulator.close();
    },
  };
}

export function targetOf({ conversation, sender, thread }: InboundEvent): Target {
  return {
    conversation: conversation.id,
    kind: conversation.kind,
    ...(thread !== undefined && { thread }),
    ...(sender && { peer: sender.id }),
  };
}
