/** The DeviceStore port. */
import type { DeviceDocument, DeviceDocumentKind, DeviceStore } from "@switchboard/core/ports";
import type { Json, TenantId } from "@switchboard/domain";
import { fromJson } from "../rows/json.ts";
import type { Context } from "./context.ts";

export interface DeviceRow {
  readonly tenant: TenantId;
  readonly kind: DeviceDocumentKind;
  readonly id: string;
  readonly version: number;
  readonly body: string;
}

const KEY = "tenant = ? AND kind = ? AND id = ?";

export function deviceStore({ statements }: Context): Omit<DeviceStore, "all"> {
  const ofTenant = statements.of<DeviceRow>("SELECT * FROM devices WHERE tenant = ? ORDER BY kind, id");
  const version = statements.of<{ version: number }>(`SELECT version FROM devices WHERE ${KEY}`);
  const insert = statements.insertInto("devices", ["tenant", "kind", "id", "version", "body"]);
  const update = statements.of(`UPDATE devices SET version = ?, body = ? WHERE ${KEY}`);
  const remove = statements.of(`DELETE FROM devices WHERE ${KEY}`);
  const nextVersion = statements.of<{ last: number }>(
    "INSERT INTO device_versions (tenant, last) VALUES (?, 1) ON CONFLICT (tenant) DO UPDATE SET last = device_versions.last + 1 RETURNING last",
  );

  return {
    list: async (tenant) => (await ofTenant.all(tenant)).map(toDocument),

    async change(tenant, changes) {
      for (const { from, id, kind } of changes) {
        if (((await version.get(tenant, kind, id))?.version ?? 0) !== from) return undefined;
      }
      const { last } = (await nextVersion.get(tenant)) ?? { last: 1 };
      for (const { body, from, id, kind } of changes) {
        if (body === undefined) remove.send(tenant, kind, id);
        else if (from === 0) insert.send(tenant, kind, id, last, JSON.stringify(body));
        else update.send(last, JSON.stringify(body), tenant, kind, id);
      }
      return last;
    },
  };
}

export function toDocument({ body, id, kind, tenant, version }: DeviceRow): DeviceDocument {
  return { tenant, kind, id, version, body: fromJson<Json>(body) };
}
