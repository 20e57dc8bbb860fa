/** A running gateway: one port for webhooks, pages and the WebSocket protocol, one engine behind it. */
import { existsSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Clock, type Log, systemClock } from "@switchboard/core";
import { DEFAULT_TENANT, SwitchboardError } from "@switchboard/domain";
import type { Config } from "@switchboard/protocol";
import { type AgentSocketListener, agentSocketListener } from "./agents/socket-listener.ts";
import { bearerSecret } from "./auth/bearer-secret.ts";
import { type GatewayAuthOptions, gatewayAuth } from "./auth/gateway-auth.ts";
import { authMode, gatewaySecret } from "./auth/gateway-secret.ts";
import { tailscaleCommand } from "./auth/tailscale.ts";
import { peerOf } from "./callers/peer.ts";
import { a2uiFiles } from "./canvas/a2ui.ts";
import { canvasListener } from "./canvas/listener.ts";
import { surfaceUrls } from "./canvas/surface.ts";
import { applyConfiguredAccounts } from "./channels/configured-accounts.ts";
import { type ComposeOptions, composeGateway, ensureWebchatAccount, type Parts } from "./compose.ts";
import type { Settings } from "./config/settings.ts";
import { broadcastEngine } from "./faces/broadcasts.ts";
import { broadcastDevices } from "./faces/devices.ts";
import { broadcastNodes, nodeConnections, nodeLinks } from "./faces/nodes.ts";
import { notifyChats } from "./faces/setup-notices.ts";
import { createHttpApp } from "./http/app.ts";
import { createBrowserSessions } from "./http/browser-session.ts";
import { ownRoot } from "./http/own-root.ts";
import { type Authenticator, firstOf } from "./identity/authenticator.ts";
import { operatorAuthenticator, operatorPageAuthenticator } from "./identity/operator.ts";
import type { Restart } from "./methods/deps.ts";
import { healthSummary } from "./methods/health.ts";
import { MAIN_KEY, mainSessionKey, resolveSessionKey } from "./methods/session-keys.ts";
import { sweepQrFiles } from "./qr/qr-file.ts";
import { reachabilityOf } from "./setup/reachability.ts";
import type { OpeningStore } from "./state/opening-store.ts";
import { forgetRunningGateway, noteRunningGateway } from "./state/running-gateway.ts";
import { type GatewayTls, gatewayTls } from "./tls/gateway-tls.ts";
import { ownAddresses } from "./tls/own-addresses.ts";
import { VERSION } from "./version.ts";
import { warningsOf } from "./warnings.ts";
import { createGatewaySocket, type GatewaySocket, type GatewaySocketOptions, sharedSecret } from "./ws/index.ts";

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
  let socket: GatewaySocket | undefined;
  let agents: AgentSocketListener | undefined;
  let phase: "starting" | "ready" | "draining" = "starting";
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
    send: (tenant, event, payload) => socket?.broadcast(tenant, event, payload),
    connections: () => socket?.connections() ?? [],
    reachability: () => reachabilityOf(gateway, port, env),
    fingerprint: () => tls?.fingerprint,
    nodeLinks: nodeLinks(() => socket),
  });
  const { deps, engine, methods, metrics, runs } = parts;
  try {
    const mode = authMode(gateway.auth);
    const token = gatewaySecret(gateway.auth, stateDirectory);
    const secret = sharedSecret(token);
    tls = await gatewayTls({ settings: gateway.tls, stateDirectory, log, now: systemClock.now() });
    const { allowedOrigins, publicUrl, tailscale, trustedProxies } = {
      ...gateway,
      tailscale: gateway.auth.tailscale,
      allowedOrigins: [...gateway.allowedOrigins, ...(gateway.publicUrl ? [new URL(gateway.publicUrl).origin] : [])],
    };
    const rootOf = (request: IncomingMessage) =>
      ownRoot(request, { publicUrl, trustedProxies, addresses: ownAddresses });
    const sessions = createBrowserSessions(token, () => port);
    const bearer = bearerSecret({ secret, trustedProxies, tailscale, now: engine.clock.now });
    const ways = deps.people
      ? (await import("./identity/ways.ts")).waysOf(deps.people, {
          rootOf,
          trust: { proxies: trustedProxies, tailscale },
        })
      : [];
    const operatorPage = operatorPageAuthenticator((cookies) => sessions.accepts(cookies, engine.clock.now()), rootOf);
    const pages = builtPages();
    const authenticate = firstOf([...authenticators, ...ways, operatorAuthenticator(bearer)]);
    const app = await createHttpApp({
      tls,
      takesDocument: canvasListener({
        ...deps.canvas,
        a2ui: a2uiFiles(pages),
        log,
        allowedOrigins: () => allowedOrigins,
        rootOf,
        addressOf: (request) => peerOf(request, { proxies: trustedProxies, tailscale })?.ip ?? "",
        now: systemClock.now,
      }),
      accounts: engine.accounts,
      installs: engine.installs,
      logins: engine.logins,
      metrics,
      log,
      publicUrl,
      trustedProxies,
      tailscale,
      version: VERSION,
      phase: () => phase,
      readiness: async () => {
        const store = await parts.storeHealth.failing(parts.store);
        const failing = [...(phase === "ready" ? [] : [phase]), ...(store ? ["store"] : [])];
        const { trouble } = deps.keeper;
        return { ready: failing.length === 0, failing, degraded: trouble === undefined ? [] : [`vault: ${trouble}`] };
      },
      sessions,
      secret: bearer,
      authenticate,
      operatorPage,
      people: deps.people && { people: deps.people, rootOf },
      deps: { ...deps, env, methods },
      now: engine.clock.now,
      readBlob: (blob, signal) => deps.media.read(DEFAULT_TENANT, blob, signal),
      allowedOrigins: gateway.allowedOrigins,
      pages,
    });
    socket = createGatewaySocket({
      authenticate: gatewayAuth({
        mode: () => mode,
        secret: () => secret,
        acceptsCookie: (header) => sessions.accepts(header, engine.clock.now()),
        proxy: () => gateway.auth.trustedProxy,
        whois: gateway.auth.tailscale ? tailscaleCommand() : undefined,
        devices: parts.devices,
        pairing: () => gateway.pairing,
        ...(options.tenantOf && { tenantOf: options.tenantOf }),
      }),
      methods,
      snapshot: {
        version: VERSION,
        startedAt: engine.startedAt,
        health: (probe, tenant) => healthSummary(deps, tenant, probe),
        sessionDefaults: () => {
          const [agent] = engine.routing.agents;
          const mainSession = mainSessionKey(agent.id);
          return {
            defaultAgentId: agent.id,
            mainKey: MAIN_KEY,
            mainSessionKey: mainSession,
            modelConfigured: agent.runtime !== "echo",
          };
        },
      },
      sessionKey: (written, agentId) => resolveSessionKey(written, engine.routing, agentId),
      clock: systemClock,
      log,
      telemetry: metrics.gateway,
      ...(options.limits && { limits: options.limits }),
      trustedProxies,
      tailscale,
      allowedOrigins: () => allowedOrigins,
      rootOf,
      surfaces: (caller) => surfaceUrls(deps.canvas.capabilities, caller),
      phase: () => phase,
      ...nodeConnections(deps.nodes, log),
    });
    const { handleUpgrade } = socket;
    const connecting = agentSocketListener({
      deps,
      authenticate,
      trustedProxies,
      tailscale,
      allowedOrigins: gateway.allowedOrigins,
      phase: () => phase,
      limits: options.limits,
    });
    agents = connecting;
    app.server.on("upgrade", (request, upgraded, head) => {
      if (!connecting.takes(request, upgraded, head)) handleUpgrade(request, upgraded, head);
    });
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
        const leaving = socket?.close({
          drainMs: settings.config.turns.drainMs,
          ...(restart
            ? { reason: "gateway restarting", restartExpectedMs: RESTART_EXPECTED_MS }
            : { reason: "gateway stopping" }),
        });
        try {
          await alerts?.stop();
          await engine.stop();
          await agents?.close();
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

async function listen(app: Awaited<ReturnType<typeof createHttpApp>>, host: string, port: number): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") throw new SwitchboardError("SYS_003", `Port ${port} on ${host} is taken.`);
    throw new SwitchboardError("CFG_001", `The gateway cannot listen on ${host}:${port}: ${message}.`);
  }
  return (app.server.address() as AddressInfo).port;
}

/** Where a gateway that listens on `host` answers on this machine. */
function addressOf(host: string, port: number, encrypted: boolean): string {
  const shown = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `http${encrypted ? "s" : ""}://${shown.includes(":") ? `[${shown}]` : shown}:${port}`;
}

/** Where the console package's built pages are; `undefined` before its build. */
function builtPages(): string | undefined {
  try {
    const directory = join(fileURLToPath(import.meta.resolve("@switchboard/console/package.json")), "../dist");
    return existsSync(join(directory, "chat.html")) ? directory : undefined;
  } catch {
    return undefined;
  }
}
