/** The other side of a channel: the installed channel that can most, with its simulator. Tests name no platform. */
import type { Channel, ChannelId, JsonObject, Simulator, SimulatorOptions, Transport } from "@switchboard/domain";
import { fullestChannel } from "@switchboard/testkit/gateway-process";
import { discoverChannels } from "../channels/discovery.ts";

/** What a simulator may be told beyond what all of them know; each takes what it has. */
export interface PlatformOptions extends Omit<SimulatorOptions, "file"> {
  readonly file?: string | undefined;
  /** The pause before the platform repeats a webhook call, in milliseconds. */
  readonly webhookRetryMs?: number;
}

export interface Platform {
  readonly channel: Channel;
  readonly id: ChannelId;
  readonly packageName: string;
  /** Environment variables that configure the default account. */
  readonly env: readonly string[];
  readonly simulator: Simulator;
}

export async function startPlatform(options: PlatformOptions = {}): Promise<Platform> {
  const { channel, id, packageName, startSimulator } = await fullestChannel();
  const env = discoverChannels().find((each) => each.id === id)?.env ?? [];
  const { file, ...others } = options;
  const simulator = await startSimulator({ webhookRetryMs: 50, ...others, ...(file !== undefined && { file }) });
  return { channel, id: channel.id, packageName, env, simulator };
}

/** What the gateway has to know to reach the simulator, and no tenant may set: as environment variables. */
export function surroundingsOf({ channel, simulator }: Platform): NodeJS.ProcessEnv {
  const { env, secrets, tenant = [] } = channel.config;
  const whole = simulator.accountConfig();
  const foreign = Object.entries(env).filter(([, name]) => !secrets.includes(name) && !tenant.includes(name));
  return Object.fromEntries(foreign.map(([variable, name]) => [variable, String(whole[name])]));
}

/** What a tenant gives to connect this bot. */
export function credentialOf({ channel }: Platform, bot: Simulator): JsonObject {
  const all = Object.entries(bot.accountConfig());
  return Object.fromEntries(all.filter(([name]) => channel.config.secrets.includes(name)));
}

/** An account that talks to the simulator, open to everybody and without pauses that only cost time. */
export function openAccount(
  simulator: Simulator,
  changes: { readonly transport?: Transport; readonly config?: object; readonly settings?: object } = {},
): { config: JsonObject; settings: JsonObject } {
  const { transport = "polling", config, settings } = changes;
  const fast = { perSecond: 1_000, burst: 1_000 };
  return {
    config: { ...simulator.accountConfig({ transport }), ...config },
    settings: {
      dmPolicy: "open",
      groupPolicy: "open",
      rateLimit: fast,
      conversationRateLimit: fast,
      ...settings,
    },
  };
}
