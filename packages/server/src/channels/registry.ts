/** The channels of this process: built-in ones, and installed packages that are loaded when an account needs them. */
import type { ChannelRegistry } from "@switchboard/core";
import { type Channel, type ChannelId, SwitchboardError, toErrorRecord } from "@switchboard/domain";
import type { DiscoveredChannel } from "./discovery.ts";

export function createChannelRegistry(
  discovered: readonly DiscoveredChannel[],
  builtIn: readonly Channel[] = [],
): ChannelRegistry {
  const loading = new Map<string, Promise<Channel>>();
  const list = [
    ...builtIn.map(({ id }) => ({ id, packageName: "@switchboard/server" })),
    ...discovered.map(({ id, packageName }) => ({ id, packageName })),
  ];
  return {
    list: () => list,
    load(id: ChannelId) {
      let channel = loading.get(id);
      if (!channel) {
        channel = load(id, discovered, builtIn);
        // A failure is not kept: a package may be installed or mended meanwhile.
        channel.catch(() => loading.delete(id));
        loading.set(id, channel);
      }
      return channel;
    },
  };
}

async function load(
  id: ChannelId,
  discovered: readonly DiscoveredChannel[],
  builtIn: readonly Channel[],
): Promise<Channel> {
  const own = builtIn.find((channel) => channel.id === id);
  if (own) return own;
  const found = discovered.find((channel) => channel.id === id);
  if (!found) {
    const known = discovered.map((channel) => channel.id).join(", ");
    throw new SwitchboardError("CFG_002", `There is no channel "${id}". Installed: ${known || "none"}.`);
  }
  try {
    const module = (await import(found.packageName)) as { default?: Channel };
    if (module.default?.id !== id) throw new Error(`its default export is no channel named ${id}`);
    return module.default;
  } catch (error) {
    throw new SwitchboardError("CFG_002", `The channel ${id} cannot be loaded: ${toErrorRecord(error).message}`, {
      cause: error,
    });
  }
}
