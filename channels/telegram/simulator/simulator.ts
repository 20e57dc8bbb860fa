/** Starts the simulator: one port for any number of bots. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { SwitchboardError, toSwitchboardError } from "@switchboard/domain";
import { Params } from "./api/params.ts";
import { callMethod, serveApi } from "./api/server.ts";
import { type BotSimulator, botSimulator } from "./bot-simulator.ts";
import { checkHost } from "./guard.ts";
import { servePane } from "./pane/pane.ts";
import { type Settings, settingsOf, type TelegramSimulatorOptions } from "./settings.ts";
import { forgetful, JournalFile } from "./world/journal.ts";
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
  const file = options.file === undefined ? undefined : new JournalFile(options.file);
  const worlds = new Worlds(settings, file);
  const first = worlds.named(settings.username);
  const server = createServer((request, response) => {
    try {
      checkHost(request);
      if (serveApi(request, response, (token) => worlds.byToken(token))) return;
      if (servePane(request, response, (username) => (username === undefined ? first : worlds.known(username)))) return;
      response.writeHead(404, { "content-type": "text/plain" }).end("Not Found");
    } catch (error) {
      const { http, message } = toSwitchboardError(error);
      if (response.headersSent) response.destroy();
      else response.writeHead(http, { "content-type": "text/plain" }).end(message);
    }
  });
  const url = await listen(server, options.port ?? 0);
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= (async () => {
      worlds.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      file?.close();
    })();
    return closing;
  };
  const open = (world: World): BotSimulator => botSimulator(world, url, paneUrl(url, world, first), close);
  return { ...open(first), account: (username) => open(worlds.named(username)) };
}

function paneUrl(url: string, world: World, first: World): string {
  return world === first ? `${url}/pane` : `${url}/pane?bot=${world.bot.user.username}`;
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(new SwitchboardError("SYS_003", error.message, { cause: error })));
    server.listen(port, "127.0.0.1", () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}

/** The bots of a simulator. */
class Worlds {
  readonly #settings: Settings;
  readonly #file: JournalFile | undefined;
  readonly #byUsername = new Map<string, World>();
  readonly #byToken = new Map<string, World>();

  constructor(settings: Settings, file: JournalFile | undefined) {
    this.#settings = settings;
    this.#file = file;
    for (const username of file?.bots() ?? []) this.named(username);
  }

  named(username: string): World {
    const known = this.#byUsername.get(username);
    if (known) return known;
    const world = openWorld({
      journal: this.#file?.open(username) ?? forgetful,
      settings: this.#settings,
      username,
      index: this.#byUsername.size,
      onCall: (caller, method, parameters) => void callMethod(caller, method, new Params(parameters)),
    });
    this.#byUsername.set(username, world);
    this.#byToken.set(world.bot.token, world);
    return world;
  }

  known(username: string): World | undefined {
    return this.#byUsername.get(username);
  }

  byToken(token: string): World | undefined {
    return this.#byToken.get(token);
  }

  close(): void {
    for (const world of this.#byUsername.values()) closeWorld(world);
  }
}
