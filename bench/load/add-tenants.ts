/** Tenants as they are after each has connected a bot, put in place while no gateway runs. */
import { noLog } from "@switchboard/core";
import type { TenantId } from "@switchboard/domain";
import { openLocalGateway } from "@switchboard/server";
import { readSettings } from "@switchboard/server/settings";
import { UNLIMITED } from "../gateway.ts";
import type { Platform } from "../platform/bot-api.ts";

/** Calls that wait at the same time. */
const AT_ONCE = 64;

/** Adds `count` tenants, each with the account of one bot on the stand-in; the bots' numbers begin with 1. */
export async function addTenants(
  stateDirectory: string,
  platform: Platform,
  count: number,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const settings = readSettings(stateDirectory, env);
  const gateway = await openLocalGateway({ stateDirectory, settings, env, log: noLog });
  try {
    let next = 1;
    const add = async () => {
      while (next <= count) {
        const number = next++;
        const tenant = `t${number}` as TenantId;
        const config = { token: `${number}:bench`, baseUrl: platform.url, transport: "webhook" };
        const account = { channel: "telegram", accountId: `tenant-${tenant}`, config, settings: UNLIMITED };
        await gateway.request("channels.add", account, tenant);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, add));
  } finally {
    await gateway.close();
  }
}
