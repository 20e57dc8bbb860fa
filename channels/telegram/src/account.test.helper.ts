/** An account's context as the gateway would give it, with what the channel told it. */
import {
  type AccountContext,
  type AccountId,
  type Connection,
  completed,
  DEFAULT_TENANT,
  type Evidence,
  type RawEvent,
  SwitchboardError,
  type Transport,
} from "@switchboard/domain";
import { contractMemory } from "@switchboard/testkit/channel";
import { TelegramConfig } from "./config.ts";
import channel from "./index.ts";

export interface TestAccount extends AsyncDisposable {
  readonly context: AccountContext<TelegramConfig>;
  readonly received: RawEvent[];
  readonly memory: Map<string, string>;
  readonly evidence: Evidence[];
  readonly transports: { transport: Transport; note: string | undefined }[];
  readonly blobs: Map<string, { bytes: Uint8Array; fileName?: string; size?: number }>;
  /** Everything that was logged, as text. */
  readonly log: string[];
  /** How long each sleep was to be, in milliseconds. */
  readonly sleeps: number[];
  /** How many blob streams were opened and not let go of. */
  openBlobs(): number;
  /** Resolves with what `lost` was told first. */
  readonly lost: Promise<unknown>;
  /** Lets the next `times` calls of `receive` fail. */
  failReceive(times: number): void;
  open(): Promise<Connection>;
  /** Resolves when `condition` holds; rejects with `what` after five seconds. */
  until(condition: () => boolean, what: string): Promise<void>;
}

export interface TestAccountOptions {
  readonly config: Readonly<Record<string, unknown>>;
  readonly webhook?: { readonly url: string; readonly secret: string };
  readonly memory?: Map<string, string>;
}

export function testAccount({ config, webhook, memory = new Map() }: TestAccountOptions): TestAccount {
  const received: RawEvent[] = [];
  const evidence: Evidence[] = [];
  const transports: TestAccount["transports"] = [];
  const log: string[] = [];
  const sleeps: number[] = [];
  const blobs: TestAccount["blobs"] = new Map();
  const stop = new AbortController();
  const lost = Promise.withResolvers<unknown>();
  const connections: Connection[] = [];
  let failures = 0;
  let open = 0;
  const write = (fields: Record<string, unknown>, message: string) => log.push(`${message} ${JSON.stringify(fields)}`);
  const context: AccountContext<TelegramConfig> = {
    tenant: DEFAULT_TENANT,
    channel: channel.id,
    account: "default" as AccountId,
    config: completed(TelegramConfig, config, "config"),
    generation: 1,
    ...(webhook && { webhook }),
    memory: contractMemory(memory),
    secrets: contractMemory(memory, "sealed/"),
    signal: stop.signal,
    log: { debug: write, info: write, warn: write, error: write },
    commands: [{ name: "status", description: "How it goes" }],
    async receive(events) {
      if (failures > 0) {
        failures -= 1;
        throw new SwitchboardError("STORE_004");
      }
      received.push(...events);
    },
    alive: (each) => evidence.push(each),
    lost: (error) => lost.resolve(error),
    renewed: () => {},
    transportChanged: (transport, note) => transports.push({ transport, note }),
    async openAttachment({ fileName: name, kind, mimeType = "application/octet-stream", source }) {
      const found = blobs.get("blob" in source ? source.blob : source.url);
      if (!found) throw new SwitchboardError("REQ_002", "The file is gone.");
      open += 1;
      const { bytes, fileName, size = bytes.byteLength } = found;
      let at = 0;
      const stream = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (at < bytes.byteLength) {
            controller.enqueue(bytes.subarray(at, at + 65_536));
            at += 65_536;
            return;
          }
          open -= 1;
          controller.close();
        },
        cancel() {
          open -= 1;
        },
      });
      return { stream, size, mimeType, fileName: name ?? fileName ?? `${kind}.bin` };
    },
    sleep: (ms) => {
      sleeps.push(ms);
      return new Promise((resolve, reject) => {
        const end = () => {
          clearTimeout(timer);
          reject(stop.signal.reason);
        };
        const timer = setTimeout(() => {
          stop.signal.removeEventListener("abort", end);
          resolve();
        }, ms);
        stop.signal.addEventListener("abort", end, { once: true });
      });
    },
  };
  return {
    context,
    received,
    memory,
    evidence,
    transports,
    blobs,
    log,
    sleeps,
    lost: lost.promise,
    openBlobs: () => open,
    failReceive(times) {
      failures = times;
    },
    async open() {
      const connection = await channel.open(context);
      connections.push(connection);
      return connection;
    },
    async until(condition, what) {
      for (let waited = 0; !condition(); waited += 5) {
        if (waited > 5_000) throw new Error(`did not happen: ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    async [Symbol.asyncDispose]() {
      stop.abort(new SwitchboardError("SYS_001"));
      await Promise.all(connections.map((connection) => connection.disconnect()));
    },
  };
}
