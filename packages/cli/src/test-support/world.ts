/** A gateway process with a simulated platform and a model server on its other sides, and the command to drive it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject, Simulator } from "@switchboard/domain";
import {
  freePort,
  fullestChannel,
  type GatewayProcess,
  startGatewayProcess,
} from "@switchboard/testkit/gateway-process";
import { type ModelServer, startModelServer } from "@switchboard/testkit/model-server";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { type Ran, type RunOptions, switchboard } from "./switchboard.ts";

export const TOKEN = "a-token-for-the-tests-of-the-command";

export interface World extends AsyncDisposable {
  readonly directory: string;
  readonly channel: string;
  readonly simulator: Simulator;
  readonly model: ModelServer;
  readonly url: string;
  readonly process: GatewayProcess;
  /** Starts the gateway again on the same directory; the one before must have ended. */
  restart(): Promise<void>;
  /** Runs a command against this gateway. */
  run(args: readonly string[], options?: Omit<RunOptions, "stateDirectory">): Promise<Ran>;
  /** The same with `--json`; its answer. Rejects when the exit code is not 0. */
  ask<T>(...args: readonly string[]): Promise<T>;
}

export async function startWorld(
  config: JsonObject = {},
  { logLevel = "warn", settings = {} }: { readonly logLevel?: string; readonly settings?: JsonObject } = {},
): Promise<World> {
  const place = await temporaryDirectory();
  const installed = await fullestChannel();
  const simulator = await installed.startSimulator();
  const model = await startModelServer({ otherwise: { type: "echo" } });
  const port = await freePort();
  writeFileSync(
    join(place.path, "config.json"),
    JSON.stringify({
      agents: [{ id: "main", runtime: "openai", model: "test-model", baseUrl: model.baseUrl, tools: false }],
      channels: {
        [installed.id]: {
          default: {
            config: simulator.accountConfig({ transport: "polling" }),
            settings: { dmPolicy: "open", rateLimit: { perSecond: 1000, burst: 1000 }, ...settings },
          },
        },
      },
      ...config,
    }),
  );
  const start = () => startGatewayProcess({ stateDirectory: place.path, port, token: TOKEN, form: "source", logLevel });
  let gateway = start();
  const run: World["run"] = (args, options) =>
    switchboard(args, {
      stateDirectory: place.path,
      ...options,
      env: { GATEWAY_PORT: String(port), GATEWAY_TOKEN: TOKEN, ...options?.env },
    });
  const world: World = {
    directory: place.path,
    channel: installed.id,
    simulator,
    model,
    url: `http://127.0.0.1:${port}`,
    get process() {
      return gateway;
    },
    async restart() {
      gateway = start();
      await gateway.ready;
    },
    run,
    async ask<T>(...args: readonly string[]): Promise<T> {
      const ran = await run([...args, "--json"]);
      if (ran.code !== 0) throw new Error(`${args.join(" ")} ended with ${ran.code}: ${ran.stdout}${ran.stderr}`);
      return ran.json<T>();
    },
    async [Symbol.asyncDispose]() {
      await gateway.stop();
      await simulator.close();
      await model.close();
      await place.remove();
    },
  };
  try {
    await gateway.ready;
  } catch (error) {
    await world[Symbol.asyncDispose]();
    throw error;
  }
  return world;
}
