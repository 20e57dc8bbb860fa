/** One account as the engine works with it. */
import { isDeepStrictEqual } from "node:util";
import { type AccountRef, type Channel, type Connection, completed, type SelfIdentity } from "@switchboard/domain";
import { AccountSettings } from "@switchboard/protocol";
import { Authorities } from "../access/authority.ts";
import type { Account, Grant, Vault } from "../ports/index.ts";
import type { Supervisor } from "./supervisor.ts";

export class AccountRuntime {
  readonly ref: AccountRef;
  readonly channel: Channel;
  readonly supervisor: Supervisor;
  /** Valid against the channel's schema, secrets included. Never log it. */
  readonly config: unknown;
  /**
   * What calls of its webhook prove themselves with; derived once, because every call needs it; absent where the channel
   * takes none. Never log it.
   */
  readonly webhookSecret: string | undefined;
  /** Makes its peers unrecognisable in the audit log. */
  readonly auditKey: string;
  row: Account;
  settings: AccountSettings;
  authorities: Authorities;
  #grants: readonly Grant[];

  constructor(
    row: Account,
    grants: readonly Grant[],
    channel: Channel,
    supervisor: Supervisor,
    secrets: { readonly config: unknown; readonly webhookSecret: string | undefined; readonly auditKey: string },
  ) {
    this.ref = { tenant: row.tenant, channel: row.channel, account: row.account };
    this.channel = channel;
    this.supervisor = supervisor;
    this.config = secrets.config;
    this.webhookSecret = secrets.webhookSecret;
    this.auditKey = secrets.auditKey;
    this.row = row;
    this.#grants = grants;
    this.settings = accountSettings(row);
    this.authorities = new Authorities(this.settings, grants);
  }

  get self(): SelfIdentity | undefined {
    return this.supervisor.self ?? this.row.self;
  }

  /** The connection, if a send could work right now. */
  get connection(): Connection | undefined {
    return this.supervisor.connection;
  }

  /** New settings or grants take effect at once and touch nothing else (oc#83017). */
  apply(row: Account, grants: readonly Grant[] = this.#grants): void {
    this.row = row;
    this.#grants = grants;
    this.settings = accountSettings(row);
    this.authorities = new Authorities(this.settings, grants);
  }
}

/** An account's settings with every default filled in. @throws CFG_001. */
export function accountSettings(row: Pick<Account, "settings" | "channel" | "account">): AccountSettings {
  return completed(AccountSettings, row.settings, `settings of ${row.channel}:${row.account}`);
}

/** An account's channel config with its secrets. @throws CFG_001 naming what is missing, SEC_008. */
export async function accountConfig(row: Account, channel: Channel, vault: Vault): Promise<unknown> {
  const secrets = row.sealed === undefined ? {} : await vault.open(row, "credential", row.sealed);
  const config = { ...(row.config as Record<string, unknown>), ...secrets };
  return completed(channel.config.schema, config, `config of ${row.channel}:${row.account}`);
}

/** Whether the account runs with what a row says; what was only sealed anew is the same. */
export async function hasConfigOf(
  { channel, config, row: known }: AccountRuntime,
  row: Account,
  vault: Vault,
): Promise<boolean> {
  const isSameText = known.sealed === row.sealed && JSON.stringify(known.config) === JSON.stringify(row.config);
  if (isSameText && known.createdAt === row.createdAt) return true;
  try {
    return isDeepStrictEqual(await accountConfig(row, channel, vault), config);
  } catch {
    return false;
  }
}
