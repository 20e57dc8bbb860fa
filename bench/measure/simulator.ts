/**
 * Sustained turns with the simulator as the platform: what remains of the gateway's and the floor's difference when
 * the other side is a platform that keeps its world, queues updates and delivers them as Telegram does.
 */
import { join } from "node:path";
import type { Simulator, StartSimulator } from "@switchboard/domain";
import { startFloor } from "../floors/floor-process.ts";
import { install } from "../gateway.ts";
import { busy, until } from "../load/conversing.ts";
import { SimulatedChats } from "../load/simulated-chats.ts";
import type { Bench } from "./bench.ts";
import { CHATS } from "./e2e.ts";
import { sustained } from "./sustained.ts";

/** By name: no package of ours is imported by the path of its folder. */
const SIMULATOR = "@switchboard/channel-telegram/simulator";

export async function measureWithSimulator(bench: Bench): Promise<void> {
  const { directory, say } = bench;
  const { startSimulator } = (await import(SIMULATOR)) as { readonly startSimulator: StartSimulator };
  const simulator = await startSimulator({ history: 10 * CHATS, webhookRetryMs: 50 });
  const floorBot = simulator.account?.("floor");
  if (!floorBot) throw new Error("The simulator has no further accounts.");
  const installation = await install(join(directory, "simulator"), {
    telegram: [simulator.accountConfig({ transport: "webhook" })],
  });
  const gateway = await installation.start(bench.gatewayArgs);
  const floor = await startFloor("echo", apiOf(floorBot), "fetch");
  try {
    await gateway.connected(1);
    await call(floorBot, "setWebhook", { url: `http://127.0.0.1:${floor.port}/webhook`, secret_token: "bench" });
    const product = new SimulatedChats(simulator, CHATS);
    const bare = new SimulatedChats(floorBot, CHATS);
    say("simulator: warming up");
    await busy(product, until(2_000));
    await busy(bare, until(1_000));
    await sustained(bench, "simulator", gateway, product, [{ name: "bare_echo", chats: bare, pid: floor.pid }]);
  } finally {
    await floor.stop();
    await gateway.process.stop();
    await simulator.close();
  }
}

/** The root of a bot's methods. */
function apiOf(simulator: Simulator): string {
  const { baseUrl, token } = simulator.accountConfig();
  return `${String(baseUrl)}/bot${String(token)}`;
}

async function call(simulator: Simulator, method: string, parameters: object): Promise<void> {
  const response = await fetch(`${apiOf(simulator)}/${method}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(parameters),
  });
  if (!response.ok) throw new Error(`The simulator refused ${method}: ${await response.text()}`);
}
