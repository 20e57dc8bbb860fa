/**
 * The gateway's WebSocket side (DEV-1), on any HTTP server's `upgrade` event. It knows connections, frames and limits;
 * what methods do and what events say is told to it.
 */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { sleep } from "@switchboard/core/ports";
import type { TenantId } from "@switchboard/domain";
import { CLOSE, type ClientEvent, EVENTS, type EventPayload, eventSpec } from "@switchboard/protocol";
import { WebSocketServer } from "ws";
import { AuthLimiter } from "../callers/auth-limiter.ts";
import { CountingWindow } from "../callers/counting-window.ts";
import { checkOrigin, type OriginKind } from "../callers/origin.ts";
import { networkOf, type Peer, peerOf } from "../callers/peer.ts";
import { endUpgrade } from "../lines/end-upgrade.ts";
import { gatewayLimits } from "../lines/limits.ts";
import { type Audience, audienceOf, EVERYBODY } from "./audience.ts";
import { builtinMethods, type ListSessions } from "./builtin-methods.ts";
import type { Phase } from "./connect-refusals.ts";
import type { Connection } from "./connection.ts";
import { Dispatcher } from "./dispatch.ts";
import { Door } from "./door.ts";
import type { BroadcastOptions, GatewaySocket, GatewaySocketOptions } from "./gateway-options.ts";
import { Guest } from "./guest.ts";
import { HealthCache } from "./health-cache.ts";
import { PerTenant } from "./per-tenant.ts";
import { PresenceRoster } from "./presence.ts";
import { Repeats } from "./repeats.ts";
import { RequestQueue } from "./request-queue.ts";
import { noGatewayTelemetry } from "./telemetry.ts";

/**
 * Changes of presence that come close together are told once. Each of many clients gets the whole list: the more there
 * are, the longer changes are gathered, else clients that come one after the other cost the square of their number.
 */
const PRESENCE_PAUSE_MS = 50;
const PRESENCE_PAUSE_MS_EACH = 2;

export function createGatewaySocket(options: GatewaySocketOptions): GatewaySocket {
  const { clock, log, snapshot } = options;
  const limits = gatewayLimits(options.limits);
  const telemetry = options.telemetry ?? noGatewayTelemetry;
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    // Twice what is allowed: who is a little over it is told why, who is far over it is cut off.
    maxPayload: 2 * limits.preAuthPayload,
  });
  const door = new Door();
  const rosters = new PerTenant(() => new PresenceRoster(limits.presence, snapshot));
  const healthCaches = new PerTenant(
    (tenant) => new HealthCache((probe) => snapshot.health(probe, tenant), { maxAgeMs: limits.healthMs, clock, log }),
  );
  const guests = new Set<Guest>();
  const connections = new Map<string, Connection>();
  const version = { presence: 1, health: 1 };
  const timers = new Map<string, () => void>();
  let closing: Promise<void> | undefined;
  const phase = (): Phase => (closing ? "draining" : (options.phase?.() ?? "ready"));

  const registry = options.methods.with(
    builtinMethods({
      health: (tenant, probe) => healthCaches.of(tenant).get(probe),
      presence: (tenant) => rosters.of(tenant).list(clock.now()),
      beacon(tenant, beacon, caller) {
        rosters.of(tenant).told(beacon, caller, clock.now());
        presenceChanged(tenant);
      },
      sessionKey: options.sessionKey ?? ((key) => key),
      listSessions: options.methods.find("sessions.list") as ListSessions | undefined,
    }),
  );
  const offered = { methods: registry.advertised(), events: Object.keys(EVENTS) };
  const dispatcher = new Dispatcher({
    registry,
    queue: new RequestQueue(limits),
    repeats: new Repeats(limits.idempotency),
    writes: new CountingWindow(limits.controlPlaneWrites),
    limits,
    telemetry,
    clock,
    log,
    draining: () => phase() === "draining",
  });
  const handshake = {
    authenticate: options.authenticate,
    limiter: new AuthLimiter(limits.authFailures),
    limits,
    clock,
    allowedOrigins: options.allowedOrigins ?? (() => []),
    phase,
  };

  function broadcast<E extends ClientEvent>(
    tenant: Audience["tenant"],
    event: E,
    payload: EventPayload<E>,
    chosen: BroadcastOptions = {},
  ): void {
    if (connections.size === 0) return;
    const spec = eventSpec(event);
    const audience = audienceOf(tenant, event, payload);
    const text = jsonOf(payload);
    if (text === undefined) {
      log.error({ event }, "an event could not be made JSON");
      return;
    }
    const version = chosen.stateVersion ? `,"stateVersion":${JSON.stringify(chosen.stateVersion)}` : "";
    const message = {
      head: `{"type":"event","event":"${event}","payload":${text}`,
      tail: `${version}}`,
      scope: chosen.scope === undefined ? spec.scope : chosen.scope,
      dropIfSlow: chosen.dropIfSlow ?? spec.dropIfSlow ?? false,
      audience: chosen.sessionKey === undefined ? audience : { ...audience, session: chosen.sessionKey },
    };
    const clients = { sent: 0, dropped: 0 };
    for (const connection of connections.values()) {
      const outcome = connection.deliver(message);
      if (outcome) clients[outcome] += 1;
    }
    for (const outcome of ["sent", "dropped"] as const) {
      if (clients[outcome] > 0) telemetry.event(event, outcome, clients[outcome]);
    }
  }

  function presenceChanged(tenant: TenantId): void {
    version.presence += 1;
    const timer = `presence ${tenant}`;
    if (timers.has(timer) || closing) return;
    timers.set(
      timer,
      clock.after(Math.max(PRESENCE_PAUSE_MS, connections.size * PRESENCE_PAUSE_MS_EACH), () => {
        timers.delete(timer);
        broadcast(
          tenant,
          "presence",
          { presence: rosters.of(tenant).list(clock.now()) },
          { stateVersion: { ...version } },
        );
      }),
    );
  }

  function every(name: string, ms: number, task: () => void): void {
    timers.set(
      name,
      clock.after(ms, () => {
        task();
        every(name, ms, task);
      }),
    );
  }

  function startTimers(): void {
    every("tick", limits.tickMs, () => broadcast(EVERYBODY, "tick", { ts: clock.now() }));
    every("health", limits.healthMs, () => {
      const tenants = new Set([...connections.values()].map((connection) => connection.tenant));
      for (const tenant of tenants) {
        healthCaches
          .of(tenant)
          .get()
          .then(
            (health) => {
              version.health += 1;
              broadcast(tenant, "health", health, { stateVersion: { ...version } });
            },
            (error: unknown) => log.warn({ error: String(error) }, "the health summary could not be made"),
          );
      }
    });
  }

  async function end({ reason, restartExpectedMs, drainMs = 0 }: Parameters<GatewaySocket["close"]>[0]): Promise<void> {
    for (const cancel of timers.values()) cancel();
    broadcast(EVERYBODY, "shutdown", { reason, ...(restartExpectedMs !== undefined && { restartExpectedMs }) });
    if (drainMs > 0) await Promise.race([dispatcher.settled(), sleep(clock, drainMs)]);
    await Promise.all([...guests].map((guest) => guest.dismiss(CLOSE.restart, "service restart")));
    server.close();
  }

  startTimers();
  return {
    handleUpgrade(request, socket, head) {
      socket.on("error", () => {});
      const peer = peerOf(request, options.trust);
      if (!peer) {
        log.warn({ ip: request.socket.remoteAddress }, "refused a proxy that is not in trustedProxies");
        return refuseUpgrade(socket, 403, "This proxy is not named in gateway.trustedProxies.");
      }
      if (closing) return refuseUpgrade(socket, 503, "The gateway is shutting down.");
      const kind = visitorKind(request, peer, handshake.allowedOrigins());
      const foreign = kind === "foreign";
      const leave = door.enter(
        `${kind} ${networkOf(peer.ip)}`,
        foreign ? limits.foreignSocketsPerAddress : limits.preAuthSocketsPerAddress,
      );
      if (!leave && foreign) {
        telemetry.refused("CONTROL_UI_ORIGIN_NOT_ALLOWED");
        return refuseUpgrade(socket, 403, "Pages of this origin may not connect.");
      }
      if (!leave) return refuseUpgrade(socket, 503, "Too many sockets.");
      socket.once("close", leave);
      server.handleUpgrade(request, socket, head, (webSocket) => {
        const guest = new Guest(webSocket, {
          request,
          peer,
          handshake,
          limits,
          clock,
          log,
          telemetry,
          dispatcher,
          rootOf: (upgrade) => options.rootOf?.(upgrade),
          surfaces: (caller) => options.surfaces?.(caller),
          hello: async (tenant) => ({
            version: snapshot.version,
            ...offered,
            presence: rosters.of(tenant).list(clock.now()),
            health: await healthCaches.of(tenant).getOrNothing(),
            stateVersion: { ...version },
            uptimeMs: clock.now() - snapshot.startedAt,
            sessionDefaults: snapshot.sessionDefaults?.(),
          }),
          entered(connection, visitor) {
            leave();
            connections.set(connection.info.id, connection);
            telemetry.connections(connections.size);
            const { tenant } = connection;
            if (rosters.of(tenant).joined(visitor, clock.now())) presenceChanged(tenant);
            options.joined?.(connection.info);
          },
          left(connection, visitor) {
            connections.delete(connection.info.id);
            telemetry.connections(connections.size);
            const { tenant } = connection;
            if (rosters.of(tenant).left(visitor, clock.now())) presenceChanged(tenant);
            options.left?.(connection.info);
          },
          gone: () => guests.delete(guest),
        });
        guests.add(guest);
      });
    },
    broadcast,
    sendTo: (connection, event, payload) => connections.get(connection)?.send(event, payload) ?? false,
    reauthorise() {
      for (const connection of connections.values()) connection.authority();
    },
    disconnect(fits, reason, code = CLOSE.authorityLost) {
      for (const connection of connections.values()) if (fits(connection.info)) connection.close(code, reason);
    },
    connections: () => [...connections.values()].map(({ info }) => info),
    isHeard: () => connections.size > 0,
    close(how) {
      closing ??= Promise.resolve().then(() => end(how));
      return closing;
    },
  };
}

/**
 * Who is at the door. Pages wait apart from programs, and pages that may not connect apart from our own: any website
 * can open sockets here and never say a word. A few of those are heard, so that their refusal can tell why.
 */
function visitorKind(request: IncomingMessage, peer: Peer, allowedOrigins: readonly string[]): OriginKind | "foreign" {
  const { origin, host } = request.headers;
  const verdict = checkOrigin({ origin, host, peer, required: false, allowedOrigins });
  return verdict.ok ? verdict.kind : "foreign";
}

function jsonOf(payload: unknown): string | undefined {
  try {
    return JSON.stringify(payload);
  } catch {
    return undefined;
  }
}

function refuseUpgrade(socket: Duplex, status: 403 | 503, message: string): void {
  const text = status === 403 ? "Forbidden" : "Service Unavailable";
  endUpgrade(
    socket,
    `HTTP/1.1 ${status} ${text}\r\nConnection: close\r\nContent-Type: text/plain\r\n` +
      `Content-Length: ${Buffer.byteLength(message)}\r\n\r\n${message}`,
  );
}
