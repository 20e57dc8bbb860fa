/** The channels of this workspace with their simulators, found the way the gateway finds them. */
import { type Channel, type StartSimulator, SwitchboardError } from "@switchboard/domain";

export interface InstalledChannel {
  readonly id: string;
  readonly packageName: string;
  readonly channel: Channel;
  readonly startSimulator: StartSimulator;
}

interface Discovery {
  discoverChannels(): readonly { readonly id: string; readonly packageName: string }[];
}

/** By name and at run time: the packages that are tested with this one stand above it. */
const DISCOVERY = "@switchboard/server/settings";

/** Every installed channel that has a simulator, or only `id`. @throws CFG_002 when there is none. */
export async function installedChannels(id?: string): Promise<readonly InstalledChannel[]> {
  const { discoverChannels } = (await import(DISCOVERY)) as Discovery;
  const known = discoverChannels();
  const wanted = known.filter((channel) => id === undefined || channel.id === id);
  if (wanted.length === 0) {
    const ids = known.map((channel) => channel.id).join(", ");
    throw new SwitchboardError("CFG_002", `There is no channel "${id ?? ""}". Installed: ${ids || "none"}.`);
  }
  return Promise.all(wanted.map((channel) => load(channel)));
}

/** The one that can most, for tests that need a whole platform and name none. */
export async function fullestChannel(): Promise<InstalledChannel> {
  const installed = await installedChannels();
  const found = installed.find(({ channel }) => isFull(channel)) ?? installed[0];
  if (!found) throw new SwitchboardError("CFG_002", "No channel is installed.");
  return found;
}

/** Everything that the gateway's own tests do with a platform: polled, in groups with topics, by edits and buttons. */
function isFull({ capabilities, transports }: Channel): boolean {
  const { controls, deletes, edits, reactions, threads } = capabilities;
  return transports.includes("polling") && controls.buttons > 0 && edits && deletes && reactions.in && threads;
}

async function load({ id, packageName }: { id: string; packageName: string }): Promise<InstalledChannel> {
  const { default: channel } = (await import(packageName)) as { default: Channel };
  const { startSimulator } = (await import(`${packageName}/simulator`)) as { startSimulator: StartSimulator };
  return { id, packageName, channel, startSimulator };
}
