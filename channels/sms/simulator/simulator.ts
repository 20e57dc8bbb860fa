/** Starts the simulator: one port for any number of Twilio accounts. */
import type { SimulatorOptions } from "@switchboard/domain";
import { runSimulator } from "@switchboard/simulator-kit";
import { type AccountSimulator, accountSimulator } from "./account-simulator.ts";
import { serveApi } from "./api/server.ts";
import { pane } from "./pane/pane.ts";
import { resume } from "./people/carrier.ts";
import { openWorld, type World } from "./world/world.ts";

export interface SmsSimulator extends AccountSimulator {
  /** Another account on the same port, with phones of its own. Closing it closes the simulator. */
  account(name: string): AccountSimulator;
}

const FIRST = "main";
const HISTORY = 5_000;
const RETRY_MS = 500;

export async function startSimulator(options: SimulatorOptions = {}): Promise<SmsSimulator> {
  const { file, history = HISTORY, port, webhookRetryMs = RETRY_MS } = options;
  // Nobody opens a pane before the port is known.
  let url = "";
  const running = await runSimulator<World>({
    port,
    file,
    first: FIRST,
    open: ({ index, journal, name }) => {
      const world = openWorld({ history, index, journal, name, webhookRetryMs });
      resume(world);
      return world;
    },
    close: (world) => world.close(),
    keyOf: ({ accountSid }) => accountSid,
    serve: (accounts) => (request, response) => serveApi(request, response, accounts),
    pane: pane(() => url),
  });
  const { accounts, close, first, paneUrl } = running;
  url = running.url;
  const open = (world: World): AccountSimulator => accountSimulator(world, url, paneUrl(world.name), close);
  return { ...open(first), account: (name) => open(accounts.named(name)) };
}
