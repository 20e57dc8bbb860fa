/** A real gateway with a simulated platform behind it, and a proxy before it that writes down what passes. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject, Simulator } from "@switchboard/domain";
import { type GatewayOptions, type RunningGateway, startGateway } from "@switchboard/server";
import { readSettings } from "@switchboard/server/settings";
import { fullestChannel } from "@switchboard/testkit/gateway-process";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { vi } from "vitest";
import { openWire, type Wire } from "./wire.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

export interface World extends AsyncDisposable {
  readonly token: string;
  readonly channel: string;
  readonly simulator: Simulator;
  /** To the gateway from this machine. */
  readonly here: Wire;
  /** To the gateway from a machine of the same network. */
  readonly elsewhere: Wire;
  stop(): Promise<void>;
  start(): Promise<void>;
}

const quiet: GatewayOptions["log"] = { debug() {}, info() {}, warn() {}, error() {}, child: () => quiet };

/** The echo agent, one account that lets strangers in by pairing, and ticks that come often. */
export async function openWorld(): Promise<World> {
  const place = await temporaryDirectory();
  const installed = await fullestChannel();
  const simulator = await installed.startSimulator();
  writeConfig(place.path, {
    gateway: { port: 0, trustedProxies: ["127.0.0.1"] },
    channels: {
      [installed.id]: {
        default: {
          config: simulator.accountConfig({ transport: "polling" }),
          settings: { dmPolicy: "pairing" },
        },
      },
    },
  });
  let running: RunningGateway | undefined;
  let token = "";
  const stop = async () => {
    const ending = running;
    running = undefined;
    await ending?.stop();
  };
  const start = async () => {
    running = await startGateway({
      stateDirectory: place.path,
      settings: readSettings(place.path, {}),
      env: {},
      log: quiet,
      limits: { tickMs: 200, healthMs: 300 },
      onFatal: (error) => {
        throw error;
      },
      restart: () => void stop().then(start),
    });
    token = running.token;
  };
  await start();
  const address = () => running?.url.replace("http", "ws") ?? "ws://127.0.0.1:1";
  const here = await openWire(address);
  const elsewhere = await openWire(address, "192.168.1.7");
  return {
    token,
    channel: installed.id,
    simulator,
    here,
    elsewhere,
    stop,
    start,
    async [Symbol.asyncDispose]() {
      await here[Symbol.asyncDispose]();
      await elsewhere[Symbol.asyncDispose]();
      await stop();
      await simulator.close();
      await place.remove();
    },
  };
}

function writeConfig(directory: string, config: JsonObject): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "config.json"), JSON.stringify(config), { mode: 0o600 });
}
