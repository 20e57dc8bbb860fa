/** What every change of a session leaves behind: a line in the audit log, and an event to those who watch the list. */
import { anonymousSession } from "@switchboard/core";
import type { Json, SessionKey, TenantId } from "@switchboard/domain";
import type { Send } from "../faces/broadcasts.ts";
import type { MethodDeps } from "./deps.ts";
import { agentOf, isWebchatSession } from "./session-keys.ts";
import { sessionRow } from "./session-row.ts";

export interface SessionChanges {
  note(
    tenant: TenantId,
    actor: string,
    key: SessionKey,
    /** `detail` must not hold what was said. */
    change: { readonly action: string; readonly reason: string; readonly detail?: Json },
  ): Promise<void>;
}

export function sessionChanges({ engine, runs }: MethodDeps, send: Send): SessionChanges {
  return {
    async note(tenant, actor, key, { action, reason, detail }) {
      const ts = engine.clock.now();
      await engine.store.audit.append(tenant, {
        at: ts,
        actor,
        action,
        // Operators name the conversations of their own page; everywhere else the key says with whom one is.
        subject: isWebchatSession(key) ? key : anonymousSession(engine.accounts, tenant, key),
        outcome: "ok",
        ...(detail !== undefined && { detail }),
      });
      const session = await engine.store.sessions.get(tenant, key);
      send(tenant, "sessions.changed", {
        ts,
        sessionKey: key,
        agentId: agentOf(key, engine.routing).id,
        reason,
        ...(session && { session: sessionRow(session, runs, engine.routing) }),
      });
    },
  };
}
