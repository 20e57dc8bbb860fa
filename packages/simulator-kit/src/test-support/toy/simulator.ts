/** The toy's simulator: what the README shows. A platform's also offers `createGroup`, `edit` and `press`. */
import type { ConversationId, JsonObject, MessageId, Simulator, SimulatorOptions } from "@switchboard/domain";
import { runSimulator, waitForMessage } from "../../index.ts";
import { api } from "./api.ts";
import { pane } from "./pane.ts";
import { closeWorld, openWorld, post, simulated, type World } from "./world.ts";

type ToySimulator = Pick<Simulator, "url" | "pane" | "say" | "sent" | "waitFor" | "inject" | "close"> & {
  accountConfig(): JsonObject;
  account(name: string): ToySimulator;
};

export async function startSimulator({ port, file }: SimulatorOptions = {}): Promise<ToySimulator> {
  const { url, accounts, first, paneUrl, close } = await runSimulator<World>({
    port,
    file,
    first: "Toy",
    open: ({ name, journal }) => openWorld(name, journal),
    close: closeWorld,
    keyOf: ({ token }) => token,
    serve: api,
    pane,
  });
  const of = (world: World): ToySimulator => {
    const sent: Simulator["sent"] = ({ conversation } = {}) =>
      [...world.history.all()]
        .filter(({ fromAccount, chat }) => fromAccount && (conversation === undefined || chat === conversation))
        .map(simulated);
    return {
      url,
      pane: paneUrl(world.name),
      accountConfig: () => ({ baseUrl: url, token: world.token }),
      account: (name) => of(accounts.named(name)),
      async say({ from, text = "" }) {
        const { id } = world.people.named(from);
        const { number } = post(world, id, text, false);
        world.journal.flush();
        return { conversation: id as ConversationId, messageId: String(number) as MessageId };
      },
      sent,
      waitFor: (found, options) =>
        waitForMessage(
          {
            sent: (conversation) => sent(conversation === undefined ? {} : { conversation }),
            listen: (listener) =>
              world.changes.listen((message) => message.fromAccount && listener(simulated(message))),
          },
          found,
          options,
        ),
      inject: (fault) => world.faults.add(fault),
      close,
    };
  };
  return of(first);
}
