/** `system.info`, `gateway.identity.get`, `gateway.restart.request`, `users.self`, and the heartbeats there are not. */
import { statfsSync } from "node:fs";
import { arch, cpus, freemem, hostname, networkInterfaces, platform, release, totalmem, type } from "node:os";
import { SwitchboardError } from "@switchboard/domain";
import type { Handlers } from "../ws/index.ts";
import type { MethodDeps } from "./deps.ts";
import { requireGatewayOperator } from "./gateway-operator.ts";

export function systemMethods(deps: MethodDeps): Handlers {
  const { engine, identity, restart } = deps;
  return {
    "system.info"(_params, caller) {
      requireGatewayOperator(caller);
      const [processor, ...others] = cpus();
      const port = deps.port();
      const lan = lanAddress();
      return {
        machineName: hostname(),
        hostname: hostname(),
        platform: platform(),
        release: release(),
        arch: arch(),
        osLabel: `${type()} ${release()}`,
        ...(lan !== undefined && { lanAddress: lan }),
        ...(port !== undefined && { port }),
        nodeVersion: process.versions.node,
        pid: process.pid,
        uptimeMs: Math.max(0, Math.round(engine.clock.now() - engine.startedAt)),
        cpuCount: others.length + (processor ? 1 : 0),
        ...(processor && { cpuModel: processor.model }),
        memoryTotalBytes: totalmem(),
        memoryFreeBytes: freemem(),
        ...diskOf(deps.stateDirectory),
      };
    },

    "gateway.identity.get": () => ({ deviceId: identity.deviceId, publicKey: identity.publicKey }),

    ...(restart && {
      async "gateway.restart.request"({ reason, delayMs = 0 }, caller) {
        requireGatewayOperator(caller);
        const { tenant, actor } = caller;
        // A file that cannot be started from would leave nobody to answer.
        deps.configuration.check();
        await engine.store.audit.append(tenant, {
          at: engine.clock.now(),
          actor,
          action: "gateway.restart",
          subject: "gateway",
          outcome: "ok",
          ...(reason !== undefined && { detail: { reason } }),
        });
        restart({ reason: reason ?? "asked for by an operator", delayMs });
        return { ok: true, delayMs };
      },
    }),

    "last-heartbeat": () => null,
    "set-heartbeats"({ enabled }) {
      if (enabled) throw new SwitchboardError("REQ_001", "This gateway has no heartbeats to turn on.");
      return { ok: true, enabled: false };
    },

    "users.self": (_params, { actor, connection }) => ({
      profile: {
        id: actor,
        displayName: null,
        avatarMime: null,
        mergedInto: null,
        createdAt: connection.connectedAt,
        updatedAt: connection.connectedAt,
        emails: [],
        githubIdentity: null,
        hasAvatar: false,
      },
    }),
  };
}

function lanAddress(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ family, internal }) => family === "IPv4" && !internal)?.address;
}

function diskOf(directory: string): { diskTotalBytes?: number; diskAvailableBytes?: number } {
  try {
    const { bavail, blocks, bsize } = statfsSync(directory);
    return { diskTotalBytes: blocks * bsize, diskAvailableBytes: bavail * bsize };
  } catch {
    return {};
  }
}
