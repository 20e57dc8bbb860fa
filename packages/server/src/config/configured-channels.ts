/** What the configuration needs to know of channels: their secrets, and whether their accounts are well described. */
import { isDeepStrictEqual } from "node:util";
import type { ChannelRegistry } from "@switchboard/core";
import { type Channel, type ChannelId, completed, SwitchboardError } from "@switchboard/domain";
import { AccountSettings } from "@switchboard/protocol";
import type { ConfiguredChannels } from "./configuration.ts";

export function configuredChannels(registry: ChannelRegistry): ConfiguredChannels {
  const load = (id: string): Promise<Channel> => registry.load(id as ChannelId);
  return {
    async secretsOf({ channels }) {
      const ids = typeof channels === "object" && channels !== null ? Object.keys(channels) : [];
      const found = await Promise.allSettled(ids.map(load));
      const known = new Map(
        found.flatMap((each) => (each.status === "fulfilled" ? [[each.value.id as string, each.value]] : [])),
      );
      return (id) => known.get(id)?.config.secrets;
    },

    async check({ channels }, before) {
      for (const [id, accounts] of Object.entries(channels)) {
        for (const [account, described] of Object.entries(accounts)) {
          if (isDeepStrictEqual(described, before.channels[id]?.[account])) continue;
          const place = `channels.${id}.${account}`;
          const channel = await load(id);
          completed(channel.config.schema, described.config, `configuration of ${place}`);
          completed(AccountSettings, described.settings, `settings of ${place}`);
          if (!/^[a-z0-9][a-z0-9._-]{0,63}$/.test(account)) {
            throw new SwitchboardError(
              "CFG_001",
              `${place}: an account id has lower-case letters, digits, dots, dashes.`,
            );
          }
        }
      }
    },
  };
}
