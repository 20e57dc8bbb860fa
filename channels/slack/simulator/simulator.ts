/** Starts the simulator: one port for any number of apps, each in a workspace of its own. */
import { runSimulator } from "@switchboard/simulator-kit";
import { accountSimulator, type SlackAccountSimulator } from "./account-simulator.ts";
import { serveApi, upgradeSockets } from "./api/server.ts";
import { pane } from "./pane/pane.ts";
import { type SlackSimulatorOptions, settingsOf } from "./settings.ts";
import { closeWorld, openWorld, type World } from "./world/world.ts";

export interface SlackSimulator extends SlackAccountSimulator {
  /** Another app in another workspace, on the same port; made when there is none of that name. Closing it closes the simulator. */
  account(name: string): SlackAccountSimulator;
}

export async function startSimulator(options: SlackSimulatorOptions = {}): Promise<SlackSimulator> {
  const settings = settingsOf(options);
  const base = { url: "" };
  const { accounts, close, first, paneUrl, url } = await runSimulator<World>({
    port: options.port,
    file: options.file,
    first: settings.username,
    open: ({ index, journal, name }) => openWorld({ base, index, journal, name, settings }),
    close: closeWorld,
    keyOf: ({ app }) => app.botToken,
    serve: serveApi,
    upgrade: upgradeSockets,
    pane,
  });
  base.url = url;
  const open = (world: World): SlackAccountSimulator => accountSimulator(world, paneUrl(world.name), close);
  return { ...open(first), account: (name) => open(accounts.named(name)) };
}
