/** The ways into a gateway, all by one port: HTTP, the WebSocket of clients, the WebSocket of agents. */
import type { IncomingMessage } from "node:http";
import { type Log, systemClock } from "@switchboard/core";
import { DEFAULT_TENANT } from "@switchboard/domain";
import type { Config } from "@switchboard/protocol";
import type { FastifyInstance } from "fastify";
import { type AgentSocketListener, agentSocketListener } from "./agents/socket-listener.ts";
import { type BearerSecret, bearerSecret } from "./auth/bearer-secret.ts";
import { type GatewayAuthOptions, gatewayAuth } from "./auth/gateway-auth.ts";
import { authMode } from "./auth/gateway-secret.ts";
import { tailscaleCommand } from "./auth/tailscale.ts";
import { type ProxyTrust, peerOf } from "./callers/peer.ts";
import { a2uiFiles } from "./canvas/a2ui.ts";
import { canvasListener } from "./canvas/listener.ts";
import { surfaceUrls } from "./canvas/surface.ts";
import type { Parts } from "./compose.ts";
import { nodeConnections } from "./faces/nodes.ts";
import { createHttpApp } from "./http/app.ts";
import { type BrowserSessions, createBrowserSessions } from "./http/browser-session.ts";
import { ownRoot } from "./http/own-root.ts";
import { builtPages } from "./http/pages.ts";
import { type Authenticator, firstOf } from "./identity/authenticator.ts";
import { operatorAuthenticator, operatorPageAuthenticator } from "./identity/operator.ts";
import { healthSummary } from "./methods/health.ts";
import { MAIN_KEY, mainSessionKey, resolveSessionKey } from "./methods/session-keys.ts";
import type { GatewayTls } from "./tls/gateway-tls.ts";
import { ownAddresses } from "./tls/own-addresses.ts";
import { VERSION } from "./version.ts";
import {
  createGatewaySocket,
  type GatewaySocket,
  type GatewaySocketOptions,
  type Phase,
  type SharedSecret,
  sharedSecret,
} from "./ws/index.ts";

export interface DoorsOptions {
  readonly parts: Parts;
  readonly settings: Config["gateway"];
  readonly log: Log;
  /** What whoever runs the gateway proves it with. */
  readonly token: string;
  readonly tls: GatewayTls | undefined;
  readonly phase: () => Phase;
  readonly port: () => number;
  /** How callers of the REST API prove who they are, besides by the ways that are configured. */
  readonly authenticators: readonly Authenticator[];
  readonly tenantOf: GatewayAuthOptions["tenantOf"];
  readonly limits: GatewaySocketOptions["limits"];
}

export interface Doors {
  /** Does not listen yet. */
  readonly app: FastifyInstance;
  readonly socket: GatewaySocket;
  readonly agents: AgentSocketListener;
}

export async function openDoors(options: DoorsOptions): Promise<Doors> {
  const guard = await guardOf(options);
  const { parts, phase, settings } = options;
  const app = await httpOf(options, guard);
  const socket = createGatewaySocket(socketOptions(options, guard));
  const agents = agentSocketListener({
    deps: parts.deps,
    authenticate: guard.authenticate,
    trust: guard.trust,
    allowedOrigins: settings.allowedOrigins,
    phase,
    limits: options.limits,
  });
  app.server.on("upgrade", (request, upgraded, head) => {
    if (!agents.takes(request, upgraded, head)) socket.handleUpgrade(request, upgraded, head);
  });
  return { app, socket, agents };
}

/** Who is let in, the same for every door. */
interface Guard {
  readonly trust: ProxyTrust;
  readonly secret: SharedSecret;
  readonly bearer: BearerSecret;
  readonly sessions: BrowserSessions;
  readonly authenticate: Authenticator;
  /** Pages that may connect besides the gateway's own, its public address included. */
  readonly allowedOrigins: readonly string[];
  /** The gateway's own address that a request came to. */
  rootOf(request: IncomingMessage): string | undefined;
  acceptsCookie(header: string | undefined): boolean;
}

async function guardOf({ authenticators, parts, port, settings, token }: DoorsOptions): Promise<Guard> {
  const { now } = parts.engine.clock;
  const { people } = parts.deps;
  const { publicUrl, trustedProxies } = settings;
  const trust = { proxies: trustedProxies, tailscale: settings.auth.tailscale };
  const secret = sharedSecret(token);
  const bearer = bearerSecret({ secret, trust, now });
  const sessions = createBrowserSessions(token, port);
  const rootOf = (request: IncomingMessage) => ownRoot(request, { publicUrl, trustedProxies, addresses: ownAddresses });
  const ways = people ? (await import("./identity/ways.ts")).waysOf(people, { rootOf, trust }) : [];
  return {
    trust,
    secret,
    bearer,
    sessions,
    authenticate: firstOf([...authenticators, ...ways, operatorAuthenticator(bearer)]),
    allowedOrigins: [...settings.allowedOrigins, ...(publicUrl ? [new URL(publicUrl).origin] : [])],
    rootOf,
    acceptsCookie: (header) => sessions.accepts(header, now()),
  };
}

function httpOf({ log, parts, phase, settings, tls }: DoorsOptions, guard: Guard): Promise<FastifyInstance> {
  const { deps, engine, methods, metrics } = parts;
  const { acceptsCookie, allowedOrigins, authenticate, bearer, rootOf, sessions, trust } = guard;
  const pages = builtPages();
  return createHttpApp({
    tls,
    takesDocument: canvasListener({
      ...deps.canvas,
      a2ui: a2uiFiles(pages),
      log,
      allowedOrigins: () => allowedOrigins,
      rootOf,
      addressOf: (request) => peerOf(request, trust)?.ip ?? "",
      now: systemClock.now,
    }),
    accounts: engine.accounts,
    installs: engine.installs,
    logins: engine.logins,
    metrics,
    log,
    publicUrl: settings.publicUrl,
    trust,
    version: VERSION,
    phase,
    readiness: async () => {
      const store = await parts.storeHealth.failing(parts.store);
      const failing = [...(phase() === "ready" ? [] : [phase()]), ...(store ? ["store"] : [])];
      const { trouble } = deps.keeper;
      return { ready: failing.length === 0, failing, degraded: trouble === undefined ? [] : [`vault: ${trouble}`] };
    },
    sessions,
    secret: bearer,
    authenticate,
    operatorPage: operatorPageAuthenticator(acceptsCookie, rootOf),
    people: deps.people && { people: deps.people, rootOf },
    deps: { ...deps, methods, vault: parts.vault },
    now: engine.clock.now,
    readBlob: (blob, signal) => deps.media.read(DEFAULT_TENANT, blob, signal),
    allowedOrigins: settings.allowedOrigins,
    pages,
  });
}

function socketOptions(options: DoorsOptions, guard: Guard): GatewaySocketOptions {
  const { limits, log, parts, phase, settings, tenantOf } = options;
  const { deps, devices, engine, methods, metrics } = parts;
  const { acceptsCookie, allowedOrigins, rootOf, secret, trust } = guard;
  const mode = authMode(settings.auth);
  return {
    authenticate: gatewayAuth({
      mode: () => mode,
      secret: () => secret,
      acceptsCookie,
      proxy: () => settings.auth.trustedProxy,
      whois: settings.auth.tailscale ? tailscaleCommand() : undefined,
      devices,
      pairing: () => settings.pairing,
      ...(tenantOf && { tenantOf }),
    }),
    methods,
    snapshot: {
      version: VERSION,
      startedAt: engine.startedAt,
      health: (probe, tenant) => healthSummary(deps, tenant, probe),
      sessionDefaults: () => {
        const [agent] = engine.routing.agents;
        return {
          defaultAgentId: agent.id,
          mainKey: MAIN_KEY,
          mainSessionKey: mainSessionKey(agent.id),
          modelConfigured: agent.runtime !== "echo",
        };
      },
    },
    sessionKey: (written, agentId) => resolveSessionKey(written, engine.routing, agentId),
    // Connected clients live by the machine's time, whatever the engine's is.
    clock: systemClock,
    log,
    telemetry: metrics.gateway,
    ...(limits && { limits }),
    trust,
    allowedOrigins: () => allowedOrigins,
    rootOf,
    surfaces: (caller) => surfaceUrls(deps.canvas.capabilities, caller),
    phase,
    ...nodeConnections(deps.nodes, log),
  };
}
