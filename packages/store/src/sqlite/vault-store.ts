/** The VaultStore port. */
import type { VaultStore } from "@switchboard/core/ports";
import {
  KEY_COLUMNS,
  SEALED_VALUES,
  type SealedRow,
  toWrappedKey,
  valuesOf,
  type WrappedKeyRow,
} from "../rows/vault-row.ts";
import type { Context, Sync } from "./context.ts";

const ORDER = "ORDER BY tenant, purpose, generation";
const REF = "tenant = ? AND channel = ? AND account = ?";

export function vaultStore({ statements }: Context): Sync<VaultStore> {
  const all = statements.of<WrappedKeyRow>(`SELECT * FROM vault_keys ${ORDER}`);
  const list = statements.of<WrappedKeyRow>(`SELECT * FROM vault_keys WHERE tenant = ? ${ORDER}`);
  const add = statements.insertInto("vault_keys", KEY_COLUMNS, "ON CONFLICT DO NOTHING");
  const rewrap = statements.of(
    "UPDATE vault_keys SET master = ?, wrapped = ? WHERE tenant = ? AND id = ? AND wrapped = ?",
  );
  const remove = statements.of("DELETE FROM vault_keys WHERE tenant = ?");
  const sealed = statements.of<SealedRow>(SEALED_VALUES);
  const credential = statements.of(`UPDATE accounts SET sealed = ? WHERE ${REF} AND sealed = ?`);
  const memory = statements.of(`UPDATE account_memory SET value = ? WHERE ${REF} AND key = ? AND value = ?`);
  return {
    all: () => all.all().map(toWrappedKey),
    list: (tenant) => list.all(tenant).map(toWrappedKey),
    add: (key) => add.run(...valuesOf(key)) > 0,
    rewrap: ({ id, tenant, wrapped }, to) => rewrap.run(to.master, to.wrapped, tenant, id, wrapped) > 0,
    remove: (tenant) => remove.run(tenant),
    sealed: (tenant) => sealed.all(tenant),
    reseal(tenant, changes) {
      let count = 0;
      for (const { from, to } of changes) {
        const { account, channel, key, kind } = from;
        count +=
          kind === "credential"
            ? credential.run(to, tenant, channel, account, from.sealed)
            : memory.run(to, tenant, channel, account, key, from.sealed);
      }
      return count;
    },
  };
}
