/** The real sandbox server with the installed simulators around a gateway in a process of its own. */
import { join } from "node:path";
import type { Transport } from "@switchboard/domain";
import { type Sandbox, type SimulatedPlatform, startSandbox } from "@switchboard/sandbox";
import { installedChannels } from "@switchboard/testkit/gateway-process";
import { type GatewayProcess, startGatewayProcess } from "./gateway-process.ts";

export const PAGES = join(import.meta.dirname, "../../dist");

export interface SandboxWorld extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly gateway: GatewayProcess;
  readonly platforms: readonly Platform[];
}

export async function startSandboxWorld(): Promise<SandboxWorld> {
  const platforms = await startPlatforms();
  // The gateway has to know the sandbox's origin, and the sandbox the gateway: the sandbox comes first, on a guess.
  let gateway: GatewayProcess | undefined;
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const sandbox = await startSandbox({
    simulators: platforms,
    pages: PAGES,
    gateway: {
      token: "the-token-of-this-test",
      url: () => gateway?.url(),
      state: () => gateway?.state() ?? "starting",
      kill: async () => gateway?.kill(),
      restart: async () => gateway?.restart(),
      onChange(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
  });
  const channels = Object.fromEntries(
    platforms.map(({ id, simulator, transport }) => [
      id,
      {
        default: {
          config: simulator.accountConfig({ transport }),
          settings: { dmPolicy: "open", groupPolicy: "open", requireMention: true },
        },
      },
    ]),
  );
  const started = await startGatewayProcess({
    config: (publicUrl) => ({ gateway: { allowedOrigins: [sandbox.url], publicUrl }, channels }),
  });
  gateway = started;
  started.onChange(tell);
  tell();
  return {
    sandbox,
    gateway: started,
    platforms,
    async [Symbol.asyncDispose]() {
      await sandbox.close();
      await started[Symbol.asyncDispose]();
      for (const { simulator } of platforms) await simulator.close();
    },
  };
}

type Platform = SimulatedPlatform & {
  /** Webhooks only where there is nothing else, as in the demo. */
  readonly transport: Transport;
};

async function startPlatforms(): Promise<readonly Platform[]> {
  const installed = await installedChannels();
  return Promise.all(
    installed.map(async ({ channel: { label, transports }, id, startSimulator }) => ({
      id,
      label,
      simulator: await startSimulator(),
      transport: transports.find((each) => each !== "webhook") ?? "webhook",
    })),
  );
}
