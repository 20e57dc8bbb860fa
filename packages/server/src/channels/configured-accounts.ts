/** Accounts that a file or the environment describes: brought in line with it at every start. */
import type { AccountInput, Accounts, ChannelRegistry, Log } from "@switchboard/core";
import { type AccountId, type ChannelId, DEFAULT_ACCOUNT, DEFAULT_TENANT, toErrorRecord } from "@switchboard/domain";
import type { Config } from "@switchboard/protocol";
import type { DiscoveredChannel } from "./discovery.ts";

export interface ConfiguredAccountsOptions {
  readonly accounts: Accounts;
  readonly channels: ChannelRegistry;
  readonly discovered: readonly DiscoveredChannel[];
  readonly config: Config;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
}

/**
 * Adds and changes accounts as described, and switches off those that were described before and are no longer: a
 * variable that is missing once must not cost an account its memory. One that is wrong is reported and stops nobody.
 */
export async function applyConfiguredAccounts(options: ConfiguredAccountsOptions): Promise<void> {
  const { accounts, log } = options;
  const wanted = [...fromConfig(options.config), ...(await fromEnvironment(options))];
  const keys = new Set(wanted.map(({ channel, account }) => `${channel}/${account}`));
  for (const { ref, row } of accounts.list(DEFAULT_TENANT)) {
    if (row.source === "store" || keys.has(`${ref.channel}/${ref.account}`)) continue;
    if (!row.enabled) continue;
    log.warn(
      { channel: ref.channel, account: ref.account },
      `no longer in the ${row.source}: switched off, nothing deleted`,
    );
    await accounts.enable(ref, false);
  }
  for (const account of wanted) {
    try {
      await accounts.put(account);
    } catch (error) {
      const { channel, account: id, source } = account;
      const { code, message } = toErrorRecord(error);
      log.error(
        { channel, account: id, code },
        `the account ${channel}:${id} of the ${source} cannot be used: ${message}`,
      );
    }
  }
}

function fromConfig({ channels }: Config): AccountInput[] {
  return Object.entries(channels).flatMap(([channel, accounts]) =>
    Object.entries(accounts).map(([account, { enabled, config, settings }]) => ({
      tenant: DEFAULT_TENANT,
      channel: channel as ChannelId,
      account: account as AccountId,
      source: "config" as const,
      enabled,
      config,
      settings,
    })),
  );
}

/** Only channels that have one of their variables set are loaded. */
async function fromEnvironment(options: ConfiguredAccountsOptions): Promise<AccountInput[]> {
  const { channels, config, discovered, env, log } = options;
  const found: AccountInput[] = [];
  for (const { id, env: names } of discovered) {
    if (!names.some((name) => env[name]) || config.channels[id]?.[DEFAULT_ACCOUNT]) continue;
    try {
      const channel = await channels.load(id);
      const given = Object.entries(channel.config.env).filter(([name]) => env[name]);
      const properties = given.map(([name, property]) => [property, env[name]]);
      const hasSecret = given.some(([, property]) => channel.config.secrets.includes(property));
      if (!hasSecret) continue;
      const settings = settingsFromEnvironment(id, env);
      const account = { tenant: DEFAULT_TENANT, channel: id, account: DEFAULT_ACCOUNT, source: "environment" as const };
      found.push({ ...account, enabled: true, config: Object.fromEntries(properties), settings });
    } catch (error) {
      log.error(
        { channel: id, code: toErrorRecord(error).code },
        `the channel ${id} cannot be loaded: ${String(error)}`,
      );
    }
  }
  return found;
}

/** `<CHANNEL>_ALLOW_FROM=1,2`, `<CHANNEL>_OWNERS=1` and `<CHANNEL>_DM_POLICY=open`: enough to talk to one's own bot. */
function settingsFromEnvironment(channel: string, env: NodeJS.ProcessEnv): Record<string, unknown> {
  const prefix = channel.toUpperCase().replaceAll("-", "_");
  const list = (name: string) =>
    env[`${prefix}_${name}`]
      ?.split(",")
      .map((each) => each.trim())
      .filter((each) => each !== "");
  const [allowFrom, owners, dmPolicy] = [list("ALLOW_FROM"), list("OWNERS"), env[`${prefix}_DM_POLICY`]];
  return { ...(allowFrom && { allowFrom }), ...(owners && { owners }), ...(dmPolicy && { dmPolicy }) };
}
