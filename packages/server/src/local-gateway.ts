/** The gateway's methods on a state directory that no gateway uses right now: for commands while it is stopped. */
import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import { type Log, systemClock } from "@switchboard/core";
import { DEFAULT_TENANT, SwitchboardError, type TenantId, validated } from "@switchboard/domain";
import { type MethodName, methodSpec, type Params, type Result, SCOPES } from "@switchboard/protocol";
import { composeGateway } from "./compose.ts";
import type { Settings } from "./config/settings.ts";
import type { CallContext } from "./ws/index.ts";

export interface LocalGateway {
  /** Nothing is connected: what needs a platform fails with SYS_004. `tenant`: whose; the personal install's by default. */
  request<M extends MethodName>(method: M, params: Params<M>, tenant?: TenantId): Promise<Result<M>>;
  close(): Promise<void>;
}

/** Methods that mean nothing without a running gateway. */
const NEEDS_RUNNING: ReadonlySet<MethodName> = new Set([
  "agent",
  "agent.wait",
  "chat.send",
  "chat.abort",
  "node.invoke",
  "node.pending.enqueue",
  "sessions.create",
  "sessions.send",
  "sessions.abort",
  "message.action",
  "status",
  "health",
  "device.pair.setupCode",
  "plugin.surface.refresh",
]);

/** @throws SYS_002 when a gateway is using the state directory after all. */
export async function openLocalGateway(options: {
  readonly stateDirectory: string;
  readonly settings: Settings;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
}): Promise<LocalGateway> {
  const parts = await composeGateway({
    ...options,
    clock: systemClock,
    send: () => {},
    connections: () => [],
    nodeLinks: { send: () => false, close: () => {} },
    onFatal: () => {},
  });
  const { deps, engine, methods } = parts;
  await engine.accounts.load();
  const contextOf = (tenant: TenantId): CallContext => ({
    connection: {
      id: randomUUID(),
      client: { id: "cli", mode: "cli", version: deps.version, platform: process.platform },
      role: "operator",
      caps: new Set(),
      peer: { ip: "127.0.0.1", local: true, private: true },
      method: "none",
      tenant,
      actor: `operator:${userInfo().username}`,
      connectedAt: engine.clock.now(),
    },
    tenant,
    actor: `operator:${userInfo().username}`,
    signal: new AbortController().signal,
    log: options.log,
    holds: () => true,
    authority: () => ({ scopes: SCOPES }),
    accepted: () => {},
    underWay: () => {},
    emit: () => {},
    subscribe: () => {},
    unsubscribe: () => {},
  });
  return {
    async request<M extends MethodName>(method: M, params: Params<M>, tenant = DEFAULT_TENANT): Promise<Result<M>> {
      const handler = NEEDS_RUNNING.has(method) ? undefined : methods.find(method);
      if (!handler) throw new SwitchboardError("SYS_004", "No gateway is running, and this needs one.");
      const checked = validated(methodSpec(method).params, params, `${method} params`);
      return (await handler(checked, contextOf(tenant))) as Result<M>;
    },
    close: () => parts.close(),
  };
}
