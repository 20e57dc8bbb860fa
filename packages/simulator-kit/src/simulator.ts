/** Puts a simulator together: its file, its accounts, its port and its pane. */
import { servePane } from "./pane/pane.ts";
import type { Pane } from "./pane/pane-world.ts";
import { type Serve, startServer, type Upgrade } from "./server/server.ts";
import { Accounts, type AccountsOptions } from "./world/accounts.ts";
import { JournalFile } from "./world/journal.ts";

export interface SimulatorParts<World> extends Omit<AccountsOptions<World>, "file"> {
  /** Any free port when left out. */
  readonly port?: number | undefined;
  /** Memory only when left out. */
  readonly file?: string | undefined;
  /** Name of the account that is there from the start. */
  readonly first: string;
  /** The platform's own addresses. */
  readonly serve: (accounts: Accounts<World>) => Serve;
  /** Its WebSockets. */
  readonly upgrade?: (accounts: Accounts<World>) => Upgrade;
  readonly pane: Pane<World>;
}

export interface RunningSimulator<World> {
  readonly url: string;
  readonly accounts: Accounts<World>;
  readonly first: World;
  /** The page for one account. */
  paneUrl(name: string): string;
  /** Cuts connections, closes the worlds and the file. Later calls wait for the first. */
  close(): Promise<void>;
}

/** @throws STORE_003, STORE_004, STORE_006 for the file, SYS_003 when the port is taken. */
export async function runSimulator<World>(parts: SimulatorParts<World>): Promise<RunningSimulator<World>> {
  const file = parts.file === undefined ? undefined : new JournalFile(parts.file);
  const accounts = new Accounts<World>({ ...parts, file });
  const first = accounts.named(parts.first);
  const find = (name: string | undefined) => (name === undefined ? first : accounts.known(name));
  const pane: Serve = (request, response) => servePane(request, response, parts.pane, find);
  const listening = startServer({
    port: parts.port ?? 0,
    serve: [parts.serve(accounts), pane],
    ...(parts.upgrade && { upgrade: parts.upgrade(accounts) }),
  });
  const server = await listening.catch((error: unknown) => {
    accounts.close();
    file?.close();
    throw error;
  });
  let closing: Promise<void> | undefined;
  return {
    url: server.url,
    accounts,
    first,
    paneUrl: (name) =>
      `${server.url}/pane${accounts.known(name) === first ? "" : `?account=${encodeURIComponent(name)}`}`,
    close: () => {
      closing ??= (async () => {
        accounts.close();
        await server.close();
        file?.close();
      })();
      return closing;
    },
  };
}
