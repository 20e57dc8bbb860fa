/** `/connections`: a tenant's accounts as a table, several on a channel (TEN-2). */
import type { Account } from "@switchboard/core";
import { SwitchboardError } from "@switchboard/domain";
import type { RouteAnswer } from "@switchboard/protocol/rest";
import { WEBCHAT } from "../webchat/channel.ts";
import { snapshot } from "./channels.ts";
import type { HandlersOf, RestDeps } from "./handlers.ts";
import type { Registrations } from "./registrations.ts";

type Connection = RouteAnswer<"connections.create">;

export function connectionHandlers(
  { channels, engine }: RestDeps,
  registrations: Registrations,
): HandlersOf<"connections"> {
  async function shape(row: Account): Promise<Connection> {
    const { account, channel, tenant } = row;
    const status = engine.accounts
      .statuses(tenant)
      .find((each) => each.channel === channel && each.account === account);
    if (!status) throw new SwitchboardError("CFG_003", `There is no account ${channel}:${account}.`);
    return {
      id: `${channel}:${account}`,
      provider: `switchboard:${channel}`,
      credentialType: await credentialType(row),
      hasCredential: row.sealed !== undefined,
      active: row.enabled,
      createdAt: row.createdAt,
      account: snapshot(status, engine.accounts.get(row)),
    };
  }

  /** Of a channel that is no longer installed it is what is there that tells. */
  async function credentialType({ channel, sealed }: Account): Promise<Connection["credentialType"]> {
    const known = await channels.load(channel).catch(() => undefined);
    const given = known ? known.config.secrets.length > 0 : sealed !== undefined;
    return given ? "bot_token" : "channel_session";
  }

  return {
    async "connections.list"({ principal: { tenant } }) {
      const rows = await engine.store.accounts.list(tenant);
      const known = new Set(engine.accounts.statuses(tenant).map(({ account, channel }) => `${channel}:${account}`));
      return {
        items: await Promise.all(
          rows.filter(({ account, channel }) => channel !== WEBCHAT && known.has(`${channel}:${account}`)).map(shape),
        ),
      };
    },

    async "connections.create"({ body: { name, ...wanted }, principal }) {
      const { row } = await registrations.connect(principal, name, wanted);
      return shape(row);
    },

    async "connections.delete"({ params: { id }, principal }) {
      const [channel = "", ...account] = id.split(":");
      await registrations.remove(principal, channel, account.join(":"));
      return { id, deleted: true };
    },
  };
}
