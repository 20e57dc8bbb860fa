/** A running gateway: one port for webhooks, pages and the WebSocket protocol, one engine behind it. */
import { type Clock, type Log, systemClock } from "@switchboard/core";
import type { Config } from "@switchboard/protocol";
import type { GatewayAuthOptions } from "./auth/gateway-auth.ts";
import { gatewaySecret } from "./auth/gateway-secret.ts";
import { applyConfiguredAccounts } from "./channels/configured-accounts.ts";
import { type ComposeOptions, composeGateway, ensureWebchatAccount, type Parts } from "./compose.ts";
import type { Settings } from "./config/settings.ts";
import { type Doors, openDoors } from "./doors.ts";
import { broadcastEngine } from "./faces/broadcasts.ts";
import { broadcastDevices } from "./faces/devices.ts";
import { broadcastNodes, nodeLinks } from "./faces/nodes.ts";
import { notifyChats } from "./faces/setup-notices.ts";
import { addressOf, listen } from "./http/listen.ts";
import type { Authenticator } from "./identity/authenticator.ts";
import type { Restart } from "./methods/deps.ts";
import { sweepQrFiles } from "./qr/qr-file.ts";
import { reachabilityOf } from "./setup/reachability.ts";
import type { OpeningStore } from "./state/opening-store.ts";
import { forgetRunningGateway, noteRunningGateway } from "./state/running-gateway.ts";
import { type GatewayTls, gatewayTls } from "./tls/gateway-tls.ts";
import { warningsOf } from "./warnings.ts";
import type { GatewaySocketOptions, Phase } from "./ws/index.ts";

export interface GatewayOptions {
  readonly stateDirectory: string;
  readonly settings: Settings;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
  /** The gateway cannot go on; end the process, so that whoever watches it starts it again. */
  onFatal(error: unknown): void;
  /** The engine's time; default the machine's. Connected clients always live by the machine's. */
  readonly clock?: Clock;
  /** Ends this gateway and starts another one on the same state directory; absent: nobody can ask for it. */
  readonly restart?: Restart;
  /** Where `log` is kept, for those who may read it. */
  readonly logFile?: string;
  /** Changes how much `log` tells. */
  readonly setLogLevel?: (level: Config["log"]["level"]) => void;
  /** How the database is opened; default as its driver does. */
  readonly store?: ComposeOptions["storeOptions"];
  /** The store, if it is being opened already; see `openStoreAhead`. */
  readonly opening?: OpeningStore;
  /** What connected clients may do and how often they hear; default the protocol's figures. */
  readonly limits?: GatewaySocketOptions["limits"];
  /** How callers of the REST API prove who they are, besides by the gateway's own secret. */
  readonly authenticators?: readonly Authenticator[];
  /** Whose operators and devices those are who connect; default those of the one tenant that has any. */
  readonly tenantOf?: GatewayAuthOptions["tenantOf"];
}

export interface RunningGateway {
  /** As people open it, e.g. `http://127.0.0.1:18789`; `https:` when it encrypts by itself. */
  readonly url: string;
  readonly token: string;
  /** SHA-256 of its certificate, 64 lower-case hex digits; when it encrypts by itself. */
  readonly tlsFingerprint?: string;
  /** Ends in good order: see `Engine.stop`. `restart`: clients are told that it comes back. */
  stop(how?: { readonly restart?: boolean }): Promise<void>;
}

/** From the last word to the first answer, as clients are told; most restarts take less. */
const RESTART_EXPECTED_MS = 2_000;

/** Resolves when the port is open and messages are taken; accounts connect in the background. */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const { authenticators = [], clock = systemClock, env, log, onFatal, settings, stateDirectory } = options;
  const { gateway } = settings.config;
  let doors: Doors | undefined;
  let phase: Phase = "starting";
  let port = gateway.port;
  let tls: GatewayTls | undefined;
  const parts = await composeGateway({
    stateDirectory,
    settings,
    env,
    log,
    clock,
    storeOptions: options.store,
    opening: options.opening,
    onFatal,
    port: () => (phase === "starting" ? undefined : port),
    restart: options.restart,
    logFile: options.logFile,
    setLogLevel: options.setLogLevel,
    send: (tenant, event, payload) => doors?.socket.broadcast(tenant, event, payload),
    connections: () => doors?.socket.connections() ?? [],
    reachability: () => reachabilityOf(gateway, port, env),
    fingerprint: () => tls?.fingerprint,
    nodeLinks: nodeLinks(() => doors?.socket),
  });
  const { deps, engine, runs } = parts;
  try {
    const token = gatewaySecret(gateway.auth, stateDirectory);
    tls = await gatewayTls({ settings: gateway.tls, stateDirectory, log, now: systemClock.now() });
    doors = await openDoors({
      parts,
      settings: gateway,
      log,
      token,
      tls,
      phase: () => phase,
      port: () => port,
      authenticators,
      tenantOf: options.tenantOf,
      limits: options.limits,
    });
    const { agents, app, socket } = doors;
    broadcastEngine(engine, runs, socket);
    broadcastDevices(parts.devices, socket, clock);
    notifyChats(parts.devices, engine, log);
    broadcastNodes(deps.nodes, socket, clock);
    for (const { fields, message } of warningsOf(gateway, token, env)) log.warn(fields, message);
    await engine.start({ exclusive: await parts.alone() });
    await ensureWebchatAccount(parts);
    await applyConfiguredAccounts({ ...parts, ...deps, accounts: engine.accounts, config: settings.config, env });
    port = await listen(app, gateway.host, gateway.port);
    phase = "ready";
    engine.connect();
    const alerts = await alertsOf(parts, settings.config, log);
    // What an earlier run left behind; nothing waits for it.
    void sweepQrFiles();
    const url = addressOf(gateway.host, port, tls !== undefined);
    const pin = tls && { tlsFingerprint: tls.fingerprint };
    noteRunningGateway(stateDirectory, { url, pid: process.pid, ...pin });
    return {
      url,
      token,
      ...pin,
      async stop({ restart = false } = {}) {
        phase = "draining";
        forgetRunningGateway(stateDirectory);
        const leaving = socket.close({
          drainMs: settings.config.turns.drainMs,
          ...(restart
            ? { reason: "gateway restarting", restartExpectedMs: RESTART_EXPECTED_MS }
            : { reason: "gateway stopping" }),
        });
        try {
          await alerts?.stop();
          await engine.stop();
          await agents.close();
          await leaving;
          await app.close();
        } finally {
          await parts.close();
        }
      },
    };
  } catch (error) {
    await engine.stop().catch(() => {});
    await parts.close();
    throw error;
  }
}

/** Loaded only here: most personal installs tell nobody. */
async function alertsOf({ deps: { post }, engine }: Parts, { alerts }: Config, log: Log) {
  if (!alerts.chat && alerts.webhooks.length === 0) return undefined;
  const { startAlerts } = await import("./alerts/alerts.ts");
  return startAlerts({ engine, post, log, settings: alerts });
}
