/** Starts the simulator: one port for any number of bots. */
import { runSimulator } from "@switchboard/simulator-kit";
import { Params } from "./api/params.ts";
import { callMethod, serveApi } from "./api/server.ts";
import { type BotSimulator, botSimulator } from "./bot-simulator.ts";
import { pane } from "./pane/pane.ts";
import { settingsOf, type TelegramSimulatorOptions } from "./settings.ts";
import { closeWorld, openWorld, type World } from "./world/world.ts";

export interface TelegramSimulator extends BotSimulator {
  /**
   * Another bot on the same port, with chats of its own; made when there is none of that name.
   * Closing it closes the simulator.
   */
  account(username: string): BotSimulator;
}

export async function startSimulator(options: TelegramSimulatorOptions = {}): Promise<TelegramSimulator> {
  const settings = settingsOf(options);
  const { url, accounts, first, paneUrl, close } = await runSimulator<World>({
    port: options.port,
    file: options.file,
    first: settings.username,
    open: ({ name, journal, index }) =>
      openWorld({
        journal,
        settings,
        username: name,
        index,
        onCall: (caller, method, parameters) => void callMethod(caller, method, new Params(parameters)),
      }),
    close: closeWorld,
    keyOf: ({ bot }) => bot.token,
    serve: (bots) => (request, response) => serveApi(request, response, (token) => bots.byKey(token)),
    pane,
  });
  const open = (world: World): BotSimulator => botSimulator(world, url, paneUrl(world.bot.user.username), close);
  return { ...open(first), account: (username) => open(accounts.named(username)) };
}
