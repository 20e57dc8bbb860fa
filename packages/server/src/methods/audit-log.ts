/** `auditLog.*`: who did what, and whether the log still says so. */
import { type AuditAnchor, beginOf, CHAIN_START, type Engine } from "@switchboard/core";
import type { TenantId } from "@switchboard/domain";
import type { Params, Result } from "@switchboard/protocol";
import type { Handlers } from "../ws/index.ts";
import type { MethodDeps } from "./deps.ts";
import { tenantAskedAbout } from "./gateway-operator.ts";

export function auditLogMethods({ engine }: MethodDeps): Handlers {
  const faces = auditFaces(engine);
  return {
    async "auditLog.list"({ limit, cursor, action }, { tenant }) {
      const page = await engine.store.audit.list(tenant, {
        ...(limit !== undefined && { limit }),
        ...(cursor !== undefined && { cursor }),
        ...(action !== undefined && { action }),
      });
      return { entries: page.rows, ...(page.cursor !== undefined && { cursor: page.cursor }) };
    },
    "auditLog.export": (params, caller) => faces.export(params, tenantAskedAbout(caller, params.tenant)),
    "auditLog.verify": (params, caller) => faces.verify(params, tenantAskedAbout(caller, params.tenant)),
  };
}

/** The answers that the WebSocket and REST have in common. */
export function auditFaces(engine: Engine) {
  const { audit } = engine.store;
  return {
    async export(
      { after = 0, limit = 100 }: Pick<Params<"auditLog.export">, "after" | "limit">,
      tenant: TenantId,
    ): Promise<Result<"auditLog.export">> {
      const chain = await audit.chain(tenant);
      const begin = beginOf(chain);
      const head = chain?.head ?? CHAIN_START;
      // What retention is about to delete is no part of it any more.
      const found = await audit.read(tenant, { after: Math.max(after, begin.position), limit });
      const rows = found.filter(({ position }) => position <= head.position);
      const last = rows.at(-1);
      const more = last && last.position < head.position && found.length >= limit;
      return { tenant, begin, head, rows: rows.map((row) => ({ ...row })), ...(more && { next: last.position }) };
    },

    async verify(
      { noted }: Pick<Params<"auditLog.verify">, "noted">,
      tenant: TenantId,
    ): Promise<Result<"auditLog.verify">> {
      return { tenant, ...(await engine.verifyAudit(tenant, noted === undefined ? undefined : anchorOf(noted))) };
    },
  };
}

function anchorOf(noted: string): AuditAnchor {
  const [position = "", hash = ""] = noted.split(":");
  return { position: Number(position), hash };
}
