/** An account's context as the gateway gives it, with what the channel told it and a store that can fail. */

import {
  type AccountContext,
  type AccountId,
  type AccountRef,
  type Channel,
  completed,
  DEFAULT_TENANT,
  type Evidence,
  type JsonObject,
  type RawEvent,
  type Reader,
  type SelfIdentity,
  SwitchboardError,
  type Transport,
} from "@switchboard/domain";
import { agedBy, contractMemory } from "./contract-memory.ts";
import { publishedFiles } from "./published-files.ts";

export interface ContractAccount {
  readonly ref: AccountRef;
  readonly context: AccountContext;
  /** What was stored, in order. */
  readonly received: RawEvent[];
  readonly evidence: Evidence[];
  /** Files of the media store by their names, and files behind addresses. */
  readonly blobs: Map<string, { readonly bytes: Uint8Array; readonly fileName?: string }>;
  /** Resolves with what `lost` was told first. */
  readonly lost: Promise<unknown>;
  /** How often `receive` was called, failures included. */
  calls(): number;
  /** Streams of blobs that were opened and neither read to their end nor cancelled. */
  openBlobs(): number;
  /** The next `times` calls of `receive` find the store in trouble. */
  failReceive(times: number): void;
  /** Until `release` a call of `receive` takes its time. */
  holdReceive(): { release(): void };
  /** What `transportChanged` was told, in order. */
  readonly transports: { readonly transport: Transport; readonly note?: string }[];
  /** What `renewed` was told, in order: nothing, or why not. */
  readonly renewals: (SwitchboardError | undefined)[];
  /** So many milliseconds pass for everything that the account remembers. */
  later(ms: number): void;
  /** Ends the account as the supervisor does. */
  stop(): void;
  /** For whom its events are read. */
  reader(self?: SelfIdentity): Reader<never>;
}

export interface ContractAccountOptions {
  readonly channel: Channel;
  readonly config: JsonObject;
  readonly memory: Map<string, string>;
  readonly generation: number;
  readonly webhook?: { readonly url: string; readonly secret: string };
  /** Gets everything that is logged, as text. */
  readonly log: (line: string) => void;
}

export function contractAccount(options: ContractAccountOptions): ContractAccount {
  const { channel, generation, memory, webhook } = options;
  const received: RawEvent[] = [];
  const evidence: Evidence[] = [];
  const blobs: ContractAccount["blobs"] = new Map();
  const transports: ContractAccount["transports"] = [];
  const renewals: ContractAccount["renewals"] = [];
  const stopped = new AbortController();
  const lost = Promise.withResolvers<unknown>();
  let failures = 0;
  let calls = 0;
  let open = 0;
  let gate: Promise<void> = Promise.resolve();
  const ref: AccountRef = { tenant: DEFAULT_TENANT, channel: channel.id, account: "default" as AccountId };
  const write = (fields: Record<string, unknown>, message: string) =>
    options.log(`${message} ${JSON.stringify(fields)}`);

  const published = publishedFiles(stopped.signal);
  const context: AccountContext = {
    ...ref,
    config: completed(channel.config.schema, options.config, `config of ${channel.id}`),
    generation,
    ...(webhook && { webhook }),
    memory: contractMemory(memory),
    secrets: contractMemory(memory, "sealed/"),
    signal: stopped.signal,
    log: { debug: write, info: write, warn: write, error: write },
    commands: [{ name: "status", description: "How it goes" }],
    async receive(events) {
      calls += 1;
      await gate;
      if (stopped.signal.aborted) throw new SwitchboardError("SYS_001", "This connection was replaced by a newer one.");
      if (failures > 0) {
        failures -= 1;
        throw new SwitchboardError("STORE_004");
      }
      received.push(...structuredClone(events));
    },
    alive: (each) => evidence.push(each),
    lost: (error) => lost.resolve(error),
    renewed: (error) => renewals.push(error),
    transportChanged: (transport, note) => transports.push({ transport, ...(note !== undefined && { note }) }),
    async openAttachment({ fileName, kind, mimeType, source }) {
      const found = blobs.get("blob" in source ? source.blob : source.url);
      if (!found) throw new SwitchboardError("REQ_002", "The file is gone.");
      open += 1;
      const stream = blobStream(found.bytes, () => {
        open -= 1;
      });
      return {
        stream,
        size: found.bytes.byteLength,
        mimeType: mimeType ?? "application/octet-stream",
        fileName: fileName ?? found.fileName ?? `${kind}.bin`,
      };
    },
    publish: async ({ source, mimeType }) => {
      if ("url" in source) return source.url;
      const found = blobs.get(source.blob);
      if (!found) throw new SwitchboardError("REQ_002", "The file is gone.");
      return published.addressOf(found.bytes, mimeType);
    },
    sleep: (ms) => sleep(ms, stopped.signal),
  };
  return {
    ref,
    context,
    received,
    evidence,
    blobs,
    transports,
    renewals,
    later: (ms) => agedBy(memory, ms),
    lost: lost.promise,
    calls: () => calls,
    openBlobs: () => open,
    failReceive(times) {
      failures = times;
    },
    holdReceive() {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return { release: resolve };
    },
    reader: (self) => ({ account: ref.account, ...(self && { self }), config: context.config as never }),
    stop: () => stopped.abort(new SwitchboardError("SYS_001", "The account was stopped.")),
  };
}

const PIECE = 65_536;

function blobStream(bytes: Uint8Array, ended: () => void): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at < bytes.byteLength) {
        controller.enqueue(bytes.subarray(at, at + PIECE));
        at += PIECE;
        return;
      }
      ended();
      controller.close();
    },
    cancel: ended,
  });
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", end);
      resolve();
    }, ms);
    signal.addEventListener("abort", end, { once: true });
  });
}
