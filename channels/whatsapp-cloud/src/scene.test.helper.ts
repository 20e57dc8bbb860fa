/** A connection beside the simulator, with the gateway's webhook route in small. */
import { createServer } from "node:http";
import {
  type Connection,
  type ConversationId,
  type InboundEvent,
  type OutboundContent,
  type RawEvent,
  type SendAttempt,
  type SendReceipt,
  SwitchboardError,
  type Webhook,
} from "@switchboard/domain";
import { type ContractAccount, contractAccount } from "@switchboard/testkit/channel";
import { startSimulator, type WhatsAppSimulator } from "../simulator/index.ts";
import channel from "./index.ts";

export interface Scene extends AsyncDisposable {
  readonly simulator: WhatsAppSimulator;
  readonly connection: Connection;
  readonly memory: Map<string, string>;
  /** Files that can be sent, by their names. */
  readonly blobs: ContractAccount["blobs"];
  readonly raws: readonly RawEvent[];
  events(): InboundEvent[];
  heard(found: (event: InboundEvent) => boolean): Promise<InboundEvent>;
  /** The gateway ends and comes back: the connection knows what is in the memory then, and nothing else. */
  reopen(): Promise<void>;
  send(to: string, content: OutboundContent, attempt?: Partial<SendAttempt>): Promise<SendReceipt[]>;
}

/** Connected. `given` is closed with it. */
export async function scene(
  config: (simulator: WhatsAppSimulator) => object = () => ({}),
  given?: WhatsAppSimulator,
): Promise<Scene> {
  const simulator = given ?? (await startSimulator({ webhookRetryMs: 10 }));
  const memory = new Map<string, string>();
  const raws: RawEvent[] = [];
  const self = { id: simulator.phones[0] as never };
  const { parse, reply, verify } = channel.webhook as Webhook<unknown>;
  let connection: Connection | undefined;
  const server = createServer(async (incoming, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of incoming) pieces.push(piece as Buffer);
    const request = {
      method: incoming.method ?? "",
      headers: incoming.headers as Record<string, string | undefined>,
      url: `http://${incoming.headers.host}${incoming.url}`,
      body: new Uint8Array(Buffer.concat(pieces)),
    };
    verify(request, { config: account.context.config, secret: "door" });
    const events = parse(request).flatMap((update) => channel.unbundle(update, account.reader(self)));
    raws.push(...events);
    await connection?.stored?.(events);
    response.end(reply?.(request, { config: account.context.config })?.body ?? "ok");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const account = contractAccount({
    channel,
    config: { ...simulator.accountConfig(), ...config(simulator) },
    memory,
    generation: 1,
    webhook: { url: `http://127.0.0.1:${port}/hook`, secret: "door" },
    log: () => {},
  });
  const open = async (): Promise<Connection> => {
    const opened = await channel.open(account.context as Parameters<typeof channel.open>[0]);
    connection = opened;
    await opened.connect();
    return opened;
  };
  let live = await open();
  const events = () => raws.flatMap((raw) => channel.normalise(raw, account.reader(self)));
  let deliveries = 0;
  return {
    simulator,
    get connection() {
      return live;
    },
    memory,
    blobs: account.blobs,
    raws,
    events,
    async heard(found) {
      for (let tries = 0; tries < 2_000; tries++) {
        const event = events().find(found);
        if (event) return event;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      throw new Error("it never came");
    },
    async reopen() {
      await live.disconnect();
      live = await open();
    },
    async send(to, content, attempt = {}) {
      const target = { conversation: to as ConversationId, kind: "direct" } as const;
      const receipts: SendReceipt[] = [];
      for (const part of channel.render(content, target)) {
        const { signal } = new AbortController();
        const deliveryId = `dlv_${deliveries++}`;
        receipts.push(await live.send(target, part, { deliveryId, number: 1, kind: "answer", signal, ...attempt }));
      }
      return receipts;
    },
    async [Symbol.asyncDispose]() {
      account.stop();
      await live.disconnect();
      await simulator.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export async function failure(work: Promise<unknown>): Promise<SwitchboardError> {
  const thrown: unknown = await work.then(
    () => new Error("it did not fail"),
    (error: unknown) => error,
  );
  if (thrown instanceof SwitchboardError) return thrown;
  throw thrown;
}
