/** The row to store for what a person or a file says of an account. */
import type { Channel } from "@switchboard/domain";
import type { Account, Vault } from "../ports/index.ts";
import { sameSecrets } from "./account-secrets.ts";
import type { AccountInput } from "./accounts-ports.ts";
import { type AccountRuntime, accountConfig, accountSettings } from "./runtime.ts";

export interface WantedRowOptions {
  readonly channel: Channel;
  /** The row that there is, also of an account that cannot run. */
  readonly known: Account | undefined;
  /** The account as it runs. */
  readonly before: AccountRuntime | undefined;
  readonly vault: Vault;
  readonly now: number;
}

/** Valid, its secrets sealed; sealed as they were when they are the same. @throws CFG_001, SEC_008. */
export async function wantedRow(input: AccountInput, options: WantedRowOptions): Promise<Account> {
  const { before, channel, known, now, vault } = options;
  const { account, enabled, source, tenant } = input;
  const ref = { tenant, channel: input.channel, account };
  const { config, secrets } = apart(input.config, channel);
  const sealed =
    Object.keys(secrets).length === 0
      ? undefined
      : before?.row.sealed && (await sameSecrets(vault, before.row, secrets))
        ? before.row.sealed
        : await vault.seal(ref, "credential", secrets);
  // Another credential may be somebody else's.
  const self = input.self ?? (before?.row.sealed === sealed ? before?.self : undefined);
  const wanted: Account = {
    ...ref,
    source,
    enabled,
    config: config as Account["config"],
    settings: input.settings as Account["settings"],
    createdAt: known?.createdAt ?? now,
    updatedAt: now,
    revision: known?.revision ?? 0,
    ...(sealed !== undefined && { sealed }),
    ...(self && { self }),
  };
  await accountConfig(wanted, channel, vault);
  accountSettings(wanted);
  return wanted;
}

/** A config's secrets, and what of it anybody may read. */
function apart(all: AccountInput["config"], channel: Channel) {
  const secrets: Record<string, string> = {};
  const config: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(all)) {
    if (channel.config.secrets.includes(name)) secrets[name] = String(value);
    else config[name] = value;
  }
  return { secrets, config };
}
