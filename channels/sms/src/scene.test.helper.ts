/** An account connected to a simulator, for tests of what the contract suite does not know. */
import type {
  Connected,
  Connection,
  InboundEvent,
  JsonObject,
  OutboundContent,
  SendReceipt,
  Target,
} from "@switchboard/domain";
import { type ContractAccount, contractAccount } from "@switchboard/testkit/channel";
import { type SmsSimulator, startSimulator } from "../simulator/index.ts";
import channel from "./index.ts";

export interface SmsScene extends AsyncDisposable {
  readonly simulator: SmsSimulator;
  readonly account: ContractAccount;
  readonly connection: Connection;
  connect(): Promise<Connected>;
  events(): InboundEvent[];
  until(condition: () => boolean, what: string): Promise<void>;
  send(target: Target, content: OutboundContent): Promise<SendReceipt[]>;
}

export interface SceneInput {
  readonly simulator?: SmsSimulator;
  readonly config?: (simulator: SmsSimulator) => JsonObject;
  readonly webhook?: { readonly url: string; readonly secret: string };
  readonly memory?: Map<string, string>;
  /** Without it, the account cannot publish files. */
  readonly publishes?: boolean;
}

const PATIENCE_MS = 8_000;

export async function smsScene(input: SceneInput = {}): Promise<SmsScene> {
  const simulator = input.simulator ?? (await startSimulator({ webhookRetryMs: 20 }));
  const usual = simulator.accountConfig({ transport: "polling" });
  const account = contractAccount({
    channel,
    config: { ...usual, pollMs: 20, ...input.config?.(simulator) },
    memory: input.memory ?? new Map(),
    generation: 1,
    ...(input.webhook && { webhook: input.webhook }),
    log: () => {},
  });
  const { publish: _, ...without } = account.context;
  const connection = await channel.open((input.publishes === false ? without : account.context) as never);
  const events = () => account.received.flatMap((event) => channel.normalise(event, account.reader()));
  return {
    simulator,
    account,
    connection,
    connect: () => connection.connect(),
    events,
    async until(condition, what) {
      const deadline = performance.now() + PATIENCE_MS;
      while (!condition()) {
        if (performance.now() > deadline) throw new Error(`did not happen: ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 3));
      }
    },
    async send(target, content) {
      const receipts: SendReceipt[] = [];
      for (const part of channel.render(content, target)) {
        const { signal } = new AbortController();
        receipts.push(await connection.send(target, part, { deliveryId: "dlv_1", number: 1, kind: "answer", signal }));
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

export function targetOf(number: string): Target {
  return { conversation: number as Target["conversation"], kind: "direct" };
}
