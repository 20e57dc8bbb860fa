/** Methods that need nothing but the connection layer itself. */
import { SwitchboardError, type TenantId } from "@switchboard/domain";
import type { EventPayload, Params, Result } from "@switchboard/protocol";
import { topics } from "./audience.ts";
import type { Beacon } from "./presence.ts";
import type { CallContext, Handlers } from "./registry.ts";

export type ListSessions = (params: Params<"sessions.list">, context: CallContext) => Promise<Result<"sessions.list">>;

export interface BuiltinOptions {
  /** From the last minute, or asked anew. */
  health(tenant: TenantId, probe: boolean): Promise<EventPayload<"health">>;
  presence(tenant: TenantId): Result<"system-presence">;
  /** `caller`: whose beacon it is when it does not say. */
  beacon(tenant: TenantId, beacon: Beacon, caller: string): void;
  /** A session's key in full, as events name it. */
  sessionKey(written: string, agentId?: string): string;
  /** Absent where there are no sessions to list. */
  readonly listSessions?: ListSessions | undefined;
}

export function builtinMethods({ beacon, health, listSessions, presence, sessionKey }: BuiltinOptions): Handlers {
  return {
    // Probing reaches out to the platforms: not for just anyone who may ask.
    health: ({ probe }, context) => health(context.tenant, probe === true && context.holds("operator.read")),
    "system-presence": (_params, { tenant }) => presence(tenant),
    "system-event"({ sessionKey, wake, ...said }, { connection, tenant }) {
      if (sessionKey !== undefined || wake === true) {
        const message = "System events reach no session here. Use chat.inject, or chat.send to wake an agent.";
        throw new SwitchboardError("REQ_001", message);
      }
      beacon(tenant, said, connection.device ?? connection.id);
      return { ok: true };
    },
    async "sessions.subscribe"(params, context) {
      context.subscribe(topics.sessionList);
      if (!listSessions || Object.keys(params).length === 0) return { subscribed: true };
      return { subscribed: true, list: await listSessions(params, context as unknown as CallContext) };
    },
    "sessions.messages.subscribe": ({ key: written, agentId }, { subscribe }) => {
      const key = sessionKey(written, agentId);
      subscribe(topics.session(key));
      return { subscribed: true, key };
    },
    "sessions.messages.unsubscribe": ({ key: written, agentId }, { unsubscribe }) => {
      const key = sessionKey(written, agentId);
      unsubscribe(topics.session(key));
      return { subscribed: false, key };
    },
    "trace.subscribe": (about, { subscribe }) => {
      subscribe(topics.trace(about));
      return { subscribed: true };
    },
    "trace.unsubscribe": (about, { unsubscribe }) => {
      unsubscribe(topics.trace(about));
      return { subscribed: false };
    },
  };
}
