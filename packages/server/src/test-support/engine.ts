/** The real engine on a real store with a scripted platform, without the faces: for what only the engine's own doors show. */
import { join } from "node:path";
import { createAgentRuntimes } from "@switchboard/agents";
import {
  type AgentRuntimes,
  type Clock,
  createVault,
  Devices,
  Engine,
  type EngineOptions,
  KeyRing,
  noSetupDesk,
  noTelemetry,
  type SetupDesk,
  type Store,
  type Telemetry,
} from "@switchboard/core";
import {
  type AccountId,
  type AccountRef,
  DEFAULT_TENANT,
  newId,
  type RawEvent,
  SwitchboardError,
} from "@switchboard/domain";
import { openMediaPipeline } from "@switchboard/media";
import { createEgress } from "@switchboard/media/egress";
import { openPostgresStore } from "@switchboard/store/postgres";
import { openSqliteStore } from "@switchboard/store/sqlite";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { readSettings } from "../config/settings.ts";
import { fileKeys } from "../vault/file-keys.ts";
import { type MemoryLog, memoryLog } from "./memory-log.ts";
import { SCRIPTED, type ScriptedPlatform } from "./scripted-channel.ts";

export interface TestEngineOptions {
  readonly platform: ScriptedPlatform;
  readonly clock: Clock;
  readonly telemetry?: Partial<Telemetry>;
  readonly agents?: AgentRuntimes;
  readonly limits?: Partial<EngineOptions["config"]["limits"]>;
  readonly turns?: Partial<EngineOptions["config"]["turns"]>;
  /** Stands between the engine and the store, e.g. to make it fail. */
  readonly store?: (store: Store) => Store;
  readonly publicUrl?: string;
  /** One of several nodes on a PostgreSQL database; they find the vault's key in a directory of theirs. */
  readonly shared?: { readonly url: string; readonly directory: string };
  /** Default: nobody hands out setup codes. */
  readonly setupDesk?: (devices: Devices) => SetupDesk;
}

export interface TestEngine extends AsyncDisposable {
  readonly engine: Engine;
  readonly devices: Devices;
  readonly store: Store;
  readonly log: MemoryLog;
  /** Adds or changes an account; its people may write. */
  put(account: string, token?: string, settings?: Readonly<Record<string, unknown>>): Promise<void>;
  ref(account: string): AccountRef;
  /** Queues texts to conversations of an account, each in its own lane. */
  post(account: string, ...messages: readonly (readonly [conversation: string, text: string])[]): Promise<void>;
  /** As `post`, for several accounts at once, and nobody is told: the sweep finds it. */
  enqueue(messages: readonly (readonly [account: string, conversation: string, text: string])[]): Promise<void>;
  receive(account: string, ...events: readonly RawEvent[]): Promise<void>;
  stop(): Promise<void>;
}

/** Started already; has no account yet. */
export async function startTestEngine(options: TestEngineOptions): Promise<TestEngine> {
  const { clock, platform } = options;
  const directory = await temporaryDirectory();
  const shared = options.shared && (await openPostgresStore({ url: options.shared.url, connections: 2 }));
  const store = shared ?? (await openSqliteStore({ directory: directory.path }));
  const log = memoryLog();
  const { config, routing } = readSettings(directory.path, {});
  const devices = new Devices({ store, clock, log });
  const provider = fileKeys(join(options.shared?.directory ?? directory.path, "vault-key"));
  const ring = new KeyRing({ store: store.vault, provider, clock, log });
  await ring.load();
  const engine = new Engine({
    devices,
    setupDesk: options.setupDesk?.(devices) ?? noSetupDesk,
    store: options.store?.(store) ?? store,
    ...(shared && { wakeUps: shared.wakeUps }),
    vault: createVault(ring),
    channels: {
      list: () => [{ id: SCRIPTED, packageName: "scripted" }],
      load: async (id) => {
        if (id === SCRIPTED) return platform.channel;
        throw new SwitchboardError("CFG_002", `There is no channel ${id}.`);
      },
    },
    agents: options.agents ?? createAgentRuntimes(),
    clock,
    log,
    telemetry: { ...noTelemetry, ...options.telemetry },
    config: {
      ...config,
      limits: { ...config.limits, ...options.limits },
      turns: { ...config.turns, ...options.turns },
    },
    routing,
    version: "test",
    publicUrl: options.publicUrl,
    files: await openMediaPipeline({
      directory: join(directory.path, "temporary"),
      egress: createEgress(),
      readBlob: async () => {
        throw new SwitchboardError("REQ_002", "There are no blobs.");
      },
    }),
  });
  await engine.start({ exclusive: (await shared?.alone()) ?? true });
  engine.connect();
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= engine.stop();
    return stopping;
  };
  const ref = (account: string): AccountRef => ({
    tenant: DEFAULT_TENANT,
    channel: SCRIPTED,
    account: account as AccountId,
  });
  const enqueue: TestEngine["enqueue"] = async (messages) => {
    const now = clock.now();
    const deliveries = messages.map(([account, conversation, text]) => ({
      id: newId("delivery"),
      channel: SCRIPTED,
      account: account as AccountId,
      target: platform.channel.parseTarget(conversation),
      lane: `${SCRIPTED}/${account}/${conversation}`,
      part: { payload: { text }, preview: text },
      kind: "direct" as const,
      priority: "normal" as const,
      expiresAt: now + config.limits.messageTtlMs,
    }));
    await store.outbox.enqueue(DEFAULT_TENANT, { deliveries, now });
  };
  return {
    engine,
    devices,
    store,
    log,
    ref,
    async put(account, token = "secret", settings = {}) {
      const how = { dmPolicy: "open", ...settings };
      await engine.accounts.put({ ...ref(account), source: "store", enabled: true, config: { token }, settings: how });
    },
    enqueue,
    async post(account, ...messages) {
      await enqueue(messages.map(([conversation, text]) => [account, conversation, text]));
      engine.wake("delivery", ref(account));
    },
    receive: (account, ...events) => engine.receive(ref(account), events),
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      await store.close();
      await directory.remove();
    },
  };
}
