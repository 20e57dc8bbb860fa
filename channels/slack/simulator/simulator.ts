/** Starts the simulator: one port for any number of apps, each in a workspace of its own. */
import { type Accounts, runSimulator } from "@switchboard/simulator-kit";
import { accountSimulator, type SlackAccountSimulator } from "./account-simulator.ts";
import { ApiRefusal } from "./api/refusal.ts";
import { serveApi, upgradeSockets } from "./api/server.ts";
import { pane } from "./pane/pane.ts";
import { type SlackSimulatorOptions, settingsOf } from "./settings.ts";
import { closeWorld, openWorld, type World, workspaceName } from "./world/world.ts";

export interface SlackSimulator extends SlackAccountSimulator {
  /**
   * Another workspace on the same port: one that let the first's app in, by its name; else one with an app of its own,
   * made when there is none. Closing it closes the simulator.
   */
  account(name: string): SlackAccountSimulator;
}

export async function startSimulator(options: SlackSimulatorOptions = {}): Promise<SlackSimulator> {
  const settings = settingsOf(options);
  const base = { url: "" };
  const worlds = new Map<string, World>();
  /** Whose app the workspace that is opened now lets in. */
  let guestOf: World | undefined;
  const letInWith = (all: Accounts<World>) => (workspace: string, app: World) => {
    const known = workspace === workspaceName(app) ? app : all.known(workspace);
    if (known && known !== app && known.home !== app) throw new ApiRefusal("invalid_team_for_non_distributed_app");
    guestOf = app;
    try {
      return known ?? all.named(workspace);
    } finally {
      guestOf = undefined;
    }
  };
  const { accounts, close, first, paneUrl, url } = await runSimulator<World>({
    port: options.port,
    file: options.file,
    first: settings.username,
    open({ index, journal, name }) {
      const find = (other: string) => worlds.get(other);
      const world = openWorld({ base, find, guestOf, index, journal, name, settings });
      worlds.set(name, world);
      return world;
    },
    close: closeWorld,
    keyOf: ({ app }) => app.botToken,
    serve: (all) => serveApi(all, letInWith(all)),
    upgrade: upgradeSockets,
    pane,
  });
  base.url = url;
  const open = (world: World): SlackAccountSimulator => accountSimulator(world, paneUrl(world.name), close);
  return { ...open(first), account: (name) => open(accounts.named(name)) };
}
