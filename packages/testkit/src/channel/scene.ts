/** A channel connected to its simulator, as the gateway would hold it. */
import {
  type Channel,
  type Connected,
  type Connection,
  type InboundEvent,
  type JsonObject,
  type MessageId,
  type OutboundContent,
  type OutboundPart,
  type RawEvent,
  type SelfIdentity,
  type SendAttempt,
  type SendReceipt,
  type Simulator,
  type StartSimulator,
  SwitchboardError,
  type Target,
  type Transport,
} from "@switchboard/domain";
import { type ContractAccount, contractAccount } from "./contract-account.ts";
import { openWebhookDoor, type WebhookDoor } from "./webhook-door.ts";

/** How long anything may take that should come at once. */
const PATIENCE_MS = 8_000;

export interface SceneOptions {
  readonly transport?: Transport;
  /** What an earlier scene left behind, e.g. a polling offset. */
  readonly memory?: Map<string, string>;
  /** One that outlives the scene. */
  readonly simulator?: Simulator;
  readonly door?: WebhookDoor;
  readonly generation?: number;
  /** Opens the door also for a webhook that brings interactions alone. */
  readonly interactions?: boolean;
  /** False: webhook calls are taken as while the account is not connected. */
  readonly annotates?: boolean;
  /** Changes the account's config. */
  readonly config?: (config: JsonObject, simulator: Simulator) => JsonObject;
}

type EventOf<Kind extends InboundEvent["kind"]> = Extract<InboundEvent, { kind: Kind }>;

export interface Scene extends AsyncDisposable {
  readonly channel: Channel;
  readonly simulator: Simulator;
  readonly account: ContractAccount;
  readonly connection: Connection;
  readonly door: WebhookDoor | undefined;
  /** Connects and, for a webhook, opens the door. */
  connect(): Promise<Connected>;
  /** One stored event, read. */
  read(event: RawEvent): readonly InboundEvent[];
  /** What came in, read. */
  events(): InboundEvent[];
  /** Resolves with the first event of that kind that satisfies `found`. */
  event<Kind extends InboundEvent["kind"]>(
    kind: Kind,
    found?: (event: EventOf<Kind>) => boolean,
  ): Promise<EventOf<Kind>>;
  /** Somebody writes; resolves with where an answer goes. */
  greeted(from?: string): Promise<Target>;
  render(content: OutboundContent, target: Target): readonly OutboundPart[];
  send(target: Target, content: OutboundContent): Promise<SendReceipt[]>;
  sendPart(target: Target, part: OutboundPart, signal?: AbortSignal): Promise<SendReceipt>;
  /** Resolves when `condition` holds; rejects with `what` when it takes too long. */
  until(condition: () => boolean, what: string): Promise<void>;
}

/** What scenes have in common, and what they hand back for the test that looks for secrets. */
export interface SceneMaker {
  readonly channel: Channel;
  readonly startSimulator: StartSimulator;
  readonly config: JsonObject;
  /** Everything that was thrown or logged anywhere, as text. */
  readonly said: string[];
  readonly secrets: Set<string>;
}

/** Opens a connection without connecting it. */
export async function openScene(maker: SceneMaker, options: SceneOptions = {}): Promise<Scene> {
  const { channel } = maker;
  const transport = options.transport ?? usualTransport(channel);
  const simulator = options.simulator ?? (await maker.startSimulator({ webhookRetryMs: 20 }));
  const door =
    transport === "webhook" || options.interactions ? (options.door ?? (await openWebhookDoor(channel))) : undefined;
  const plain: JsonObject = { ...simulator.accountConfig({ transport }), ...maker.config };
  const config = options.config?.(plain, simulator) ?? plain;
  for (const name of channel.config.secrets) {
    for (const value of [plain[name], config[name]]) if (typeof value === "string") maker.secrets.add(value);
  }
  if (door) maker.secrets.add(door.secret);
  const account = contractAccount({
    channel,
    config,
    memory: options.memory ?? new Map(),
    generation: options.generation ?? 1,
    ...(door && { webhook: { url: door.url, secret: door.secret } }),
    log: (line) => maker.said.push(line),
  });
  const connection = watched(await channel.open(account.context), maker.said);
  let connected: Connected | undefined;
  const identified = Promise.withResolvers<SelfIdentity>();
  const read = (event: RawEvent) => channel.normalise(event, account.reader(connected?.self));
  const normalised = () => account.received.flatMap(read);
  const until: Scene["until"] = async (condition, what) => {
    const deadline = performance.now() + PATIENCE_MS;
    while (!condition()) {
      if (performance.now() > deadline) throw new Error(`did not happen: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
  };
  const scene: Scene = {
    channel,
    simulator,
    account,
    connection,
    door,
    until,
    async connect() {
      const { annotates = true } = options;
      door?.serve({ account, annotates, connection, identified: identified.promise });
      if (door) await simulator.enterWebhook?.(door.url);
      connected = await connection.connect();
      identified.resolve(connected.self);
      return connected;
    },
    read,
    events: normalised,
    async event<Kind extends InboundEvent["kind"]>(kind: Kind, found: (event: EventOf<Kind>) => boolean = () => true) {
      const search = () =>
        normalised().find((event): event is EventOf<Kind> => event.kind === kind && found(event as EventOf<Kind>));
      await until(() => search() !== undefined, `an event of kind ${kind}`);
      const event = search();
      if (!event) throw new Error("it was there a moment ago");
      return event;
    },
    async greeted(from = "Ann") {
      const said = await simulator.say({ from, text: "hello" });
      const event = await scene.event("message", ({ messageId, conversation }) => {
        return messageId === said.messageId && conversation.id === said.conversation;
      });
      return targetOf(event);
    },
    render: (content, target) => channel.render(content, target),
    async send(target, content) {
      const receipts: SendReceipt[] = [];
      for (const part of channel.render(content, target)) receipts.push(await scene.sendPart(target, part));
      return receipts;
    },
    // Parts rest in the store as JSON before they are sent.
    sendPart: (target, part, signal = new AbortController().signal) =>
      connection.send(target, JSON.parse(JSON.stringify(part)) as OutboundPart, attempt(signal)),
    async [Symbol.asyncDispose]() {
      account.stop();
      door?.serve(undefined);
      await connection.disconnect();
      if (!options.simulator) await simulator.close();
      if (!options.door) await door?.close();
    },
  };
  return scene;
}

/** The same, connected. */
export async function connectedScene(maker: SceneMaker, options: SceneOptions = {}): Promise<Scene> {
  const scene = await openScene(maker, options);
  try {
    await scene.connect();
    return scene;
  } catch (error) {
    await scene[Symbol.asyncDispose]();
    throw error;
  }
}

/** Without a public address a webhook cannot be had, so tests that do not care take another transport. */
export function usualTransport({ transports }: Channel): Transport {
  return transports.find((transport) => transport !== "webhook") ?? transports[0];
}

export function targetOf({ conversation, sender, thread }: InboundEvent): Target {
  return {
    conversation: conversation.id,
    kind: conversation.kind,
    ...(thread !== undefined && { thread }),
    ...(sender && { peer: sender.id }),
  };
}

/** A method that the capabilities promise. */
export function present<T>(method: T | undefined): T {
  if (method === undefined) throw new Error("the capabilities promise what the connection has not");
  return method;
}

let deliveries = 0;

export function attempt(signal: AbortSignal, number = 1): SendAttempt {
  deliveries += 1;
  return { deliveryId: `dlv_contract_${deliveries}`, number, kind: "answer", signal };
}

/** What `work` rejects with. @throws when it does not, or with something else than our error. */
export async function failureOf(work: Promise<unknown>): Promise<SwitchboardError> {
  try {
    await work;
  } catch (thrown) {
    if (thrown instanceof SwitchboardError) return thrown;
    throw new Error(`not a SwitchboardError: ${String(thrown)}`, { cause: thrown });
  }
  throw new Error("it did not fail");
}

/** Notes every error with its causes. */
function watched(connection: Connection, said: string[]): Connection {
  return new Proxy(connection, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      return (...args: unknown[]) => {
        const result: unknown = Reflect.apply(member, target, args);
        if (result instanceof Promise) result.catch((thrown: unknown) => said.push(describeError(thrown)));
        return result;
      };
    },
  });
}

/** Everything that a log or a person could get to see of an error. */
export function describeError(thrown: unknown): string {
  if (!(thrown instanceof Error)) return JSON.stringify(thrown) ?? String(thrown);
  const own = JSON.stringify({ ...thrown });
  return [thrown.message, thrown.stack, own, thrown.cause === undefined ? "" : describeError(thrown.cause)].join("\n");
}

/** The only message of a receipt. */
export function messageOf([receipt]: readonly SendReceipt[]): MessageId {
  const [id] = receipt?.messageIds ?? [];
  if (id === undefined) throw new Error("nothing was sent");
  return id;
}
