/** Puts the parts of a gateway together without starting anything. The only place that knows all of them. */
import { join } from "node:path";
import { createAgentRuntimes } from "@switchboard/agents";
import {
  type Clock,
  createVault,
  Devices,
  Engine,
  KeyRing,
  type Log,
  type NodeLinks,
  Nodes,
  noSetupDesk,
  type Store,
  systemClock,
  type Vault,
  VaultKeeper,
} from "@switchboard/core";
import { type AccountRef, type ChannelId, DEFAULT_ACCOUNT, DEFAULT_TENANT, type TenantId } from "@switchboard/domain";
import { openMediaPipeline } from "@switchboard/media";
import { createEgress } from "@switchboard/media/egress";
import type { Config, Reachability } from "@switchboard/protocol";
import { openMediaStore } from "@switchboard/store/media";
import { REPLY_PATH } from "./agents/reply-routes.ts";
import { replyTokens } from "./agents/reply-tokens.ts";
import { Capabilities } from "./canvas/capabilities.ts";
import { CanvasDocuments } from "./canvas/documents.ts";
import { applyConfiguredAccounts } from "./channels/configured-accounts.ts";
import { type DiscoveredChannel, discoverChannels } from "./channels/discovery.ts";
import { createChannelRegistry } from "./channels/registry.ts";
import { classifierOf } from "./classifier.ts";
import { Configuration } from "./config/configuration.ts";
import { configuredChannels } from "./config/configured-channels.ts";
import type { Settings } from "./config/settings.ts";
import type { Send } from "./faces/broadcasts.ts";
import { Runs } from "./faces/runs.ts";
import type { People } from "./identity/people.ts";
import type { MethodDeps, Restart } from "./methods/deps.ts";
import { gatewayMethods } from "./methods/methods.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { createSetupDesk } from "./setup/setup-desk.ts";
import { databaseUrl } from "./state/database-url.ts";
import { gatewayIdentity } from "./state/gateway-identity.ts";
import { type OpenStoreOptions, openStore } from "./state/open-store.ts";
import type { OpeningStore } from "./state/opening-store.ts";
import { ensureStateDirectory } from "./state/state-directory.ts";
import { type StoreHealth, storeHealth } from "./state/store-health.ts";
import { keyProvider } from "./vault/key-provider.ts";
import { VERSION } from "./version.ts";
import { createWebchat, WEBCHAT } from "./webchat/channel.ts";
import { webchatHooks } from "./webchat/hooks.ts";
import type { ConnectionInfo, MethodRegistry } from "./ws/index.ts";

export interface ComposeOptions {
  readonly stateDirectory: string;
  readonly settings: Settings;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
  readonly clock: Clock;
  readonly storeOptions?: OpenStoreOptions["sqlite"];
  /** The store of `stateDirectory`, if somebody has begun to open it; `storeOptions` do not count then. */
  readonly opening?: OpeningStore | undefined;
  /** Where the gateway listens, once it does; default nowhere. */
  readonly port?: () => number | undefined;
  readonly restart?: Restart | undefined;
  /** Where `log` is kept; default nowhere. */
  readonly logFile?: string | undefined;
  /** Changes how much the log tells; absent: only a restart does. */
  readonly setLogLevel?: ((level: Config["log"]["level"]) => void) | undefined;
  /** Sends an event to connected clients. */
  readonly send: Send;
  /** How other devices reach the gateway at this moment, and its own certificate's fingerprint; absent while it does not run. */
  readonly reachability?: (() => Promise<Reachability>) | undefined;
  readonly fingerprint?: (() => string | undefined) | undefined;
  /** Who is connected right now. */
  readonly connections: () => readonly ConnectionInfo[];
  /** How nodes are reached. */
  readonly nodeLinks: NodeLinks;
  /** The store cannot go on, e.g. its worker died: the process must end and be started again. */
  readonly onFatal: (error: unknown) => void;
}

export interface Parts {
  readonly store: Store;
  /** Whether no other process can be using the store at this moment. */
  readonly alone: () => Promise<boolean>;
  readonly storeHealth: StoreHealth;
  readonly engine: Engine;
  readonly devices: Devices;
  readonly metrics: Metrics;
  readonly runs: Runs;
  readonly methods: MethodRegistry;
  readonly deps: MethodDeps;
  readonly vault: Vault;
  readonly discovered: readonly DiscoveredChannel[];
  close(): Promise<void>;
}

/** @throws STORE_*, SYS_002, CFG_*. */
export async function composeGateway(options: ComposeOptions): Promise<Parts> {
  const { clock, env, log, onFatal, send, settings, stateDirectory } = options;
  const { config, routing } = settings;
  ensureStateDirectory(stateDirectory);
  const health = storeHealth(clock);
  const onRefused = () => health.refused();
  const { alone, store, wakeUps } = await openStore({
    stateDirectory,
    settings: config.database,
    env,
    sqlite: options.storeOptions,
    opening: options.opening,
    onFatal,
    onRefused,
  });
  let people: People | undefined;
  try {
    const media = await openMediaStore(join(stateDirectory, "media"));
    const metrics = createMetrics(store, clock.now);
    const egress = createEgress({ allow: config.egress.allow });
    const files = await openMediaPipeline({
      directory: join(stateDirectory, "temporary"),
      egress,
      readBlob: (tenant, blob, signal) => media.read(tenant as TenantId, blob, signal),
    });
    const webchat = createWebchat(webchatHooks({ store, media, tenant: DEFAULT_TENANT, send, now: clock.now }));
    const discovered = discoverChannels(config.thirdPartyChannels);
    const channels = createChannelRegistry(discovered, [webchat]);
    const devices = new Devices({ store, clock, log });
    const provider = keyProvider({ env, settings: config.vault, stateDirectory });
    const ring = new KeyRing({ store: store.vault, provider, clock, log });
    await Promise.all([devices.load(), ring.load()]);
    const vault = createVault(ring);
    if (config.identity.enabled) people = await openPeopleOf(options, store, vault);
    const setupDesk = options.reachability
      ? createSetupDesk({
          devices,
          media,
          reachability: options.reachability,
          fingerprint: options.fingerprint ?? (() => undefined),
        })
      : noSetupDesk;
    const identity = gatewayIdentity(stateDirectory);
    const tokens = replyTokens(() => vault.derive(AGENTS, "later answers"));
    const agents = createAgentRuntimes({
      historyEntries: config.sessions.historyEntries,
      post: egress.post,
      now: clock.now,
      replyTo: async (tenant, turn) => ({
        url: `${config.gateway.publicUrl?.replace(/\/+$/, "") ?? ownAddress(config.gateway.tls.enabled, options.port)}${REPLY_PATH}`,
        ...(await tokens.of(tenant, turn)),
      }),
      storeBlob: async (tenant, content) => {
        const { blob } = await media.put(tenant, content, { maxBytes: config.limits.attachmentBytes });
        return blob;
      },
    });
    metrics.watchAgents(agents);
    const engine = new Engine({
      store,
      ...(wakeUps && { wakeUps }),
      devices,
      setupDesk,
      vault,
      channels,
      agents,
      clock,
      log,
      telemetry: metrics.telemetry,
      config,
      routing,
      version: VERSION,
      publicUrl: config.gateway.publicUrl?.replace(/\/+$/, ""),
      classify: classifierOf(config, () => engine.routing),
      media,
      files,
    });
    const keeper = new VaultKeeper({ ring, vault, store, accounts: engine.accounts });
    const runs = new Runs(engine);
    const nodes = new Nodes({
      devices,
      store,
      links: options.nodeLinks,
      settings: () => config.gateway.nodes.commands,
      clock,
      log,
    });
    const configuration = new Configuration({
      settings,
      env,
      key: identity.derive("configuration"),
      channels: configuredChannels(channels),
      async apply(next) {
        engine.reroute(next.routing);
        options.setLogLevel?.(next.config.log.level);
        const { accounts } = engine;
        await applyConfiguredAccounts({ accounts, channels, discovered, config: next.config, env, log });
      },
      changed: ({ path, hash }) => send(DEFAULT_TENANT, "config.changed", { path, hash, ts: clock.now() }),
    });
    const deps: MethodDeps = {
      engine,
      devices,
      setupDesk,
      nodes,
      clock,
      canvas: {
        documents: new CanvasDocuments(join(stateDirectory, "canvas"), clock.now),
        capabilities: new Capabilities(systemClock.now),
      },
      connections: options.connections,
      runs,
      media,
      channels,
      metrics,
      log,
      logFile: options.logFile,
      stateDirectory,
      env,
      version: VERSION,
      settings,
      configuration,
      keeper,
      identity,
      people,
      agentLinks: agents.links,
      post: egress.post,
      replyTokens: tokens,
      port: options.port ?? (() => undefined),
      restart: options.restart,
    };
    return {
      store,
      alone,
      storeHealth: health,
      engine,
      devices,
      metrics,
      runs,
      methods: gatewayMethods(deps, send),
      deps,
      vault,
      discovered,
      async close() {
        metrics.close();
        await people?.close();
        await store.close();
      },
    };
  } catch (error) {
    await people?.close();
    await store.close();
    throw error;
  }
}

/** Stands for the gateway's sign-in where the vault asks whose a secret is. */
const SIGN_IN: AccountRef = { tenant: DEFAULT_TENANT, channel: "sign-in" as ChannelId, account: DEFAULT_ACCOUNT };

/** Stands for the agents of all tenants where the vault asks whose a secret is. */
const AGENTS: AccountRef = { tenant: DEFAULT_TENANT, channel: "agents" as ChannelId, account: DEFAULT_ACCOUNT };

/** Loaded only here: a personal install has no use for it. */
async function openPeopleOf(
  { clock, env, log, settings, stateDirectory }: ComposeOptions,
  store: Store,
  vault: Vault,
): Promise<People> {
  const { openPeople } = await import("./identity/people.ts");
  const { database, identity } = settings.config;
  return openPeople({
    stateDirectory,
    url: databaseUrl(env, database),
    ownerUrl: env.DATABASE_OWNER_URL || database.ownerUrl,
    settings: identity,
    cookieSecret: () => vault.derive(SIGN_IN, "cookies"),
    audit: (tenant, entry) => store.audit.append(tenant, { ...entry, at: clock.now() }),
    clock,
    log,
  });
}

/** The account behind WebChat; there is always exactly one. */
export async function ensureWebchatAccount({ engine }: Pick<Parts, "engine">): Promise<void> {
  await engine.accounts.put({
    tenant: DEFAULT_TENANT,
    channel: WEBCHAT,
    account: DEFAULT_ACCOUNT,
    source: "store",
    enabled: true,
    config: {},
    settings: { dmPolicy: "open", queueMode: "followup" },
  });
}

/** As programs on the same machine reach the gateway. */
function ownAddress(encrypted: boolean, port: ComposeOptions["port"]): string {
  return `${encrypted ? "https" : "http"}://127.0.0.1:${port?.() ?? 0}`;
}
