/** The toy's pane. */
import { SwitchboardError } from "@switchboard/domain";
import { type Pane, type PaneChat, type PaneMessage, type PaneWorld, typedName } from "../../index.ts";
import { type Message, type Person, post, type World } from "./world.ts";

export const pane: Pane<World> = {
  look: { name: "Toy", without: ["edit", "reply", "files"] },
  style: new URL("./look.css", import.meta.url),
  of: paneWorld,
};

function paneWorld(world: World): PaneWorld {
  const { people, history, changes, journal } = world;
  const said = (chat: string) => [...history.all()].filter((message) => message.chat === chat);
  const message = ({ number, chat, fromAccount, text, at }: Message): PaneMessage => ({
    id: String(number),
    order: number,
    chat,
    from: fromAccount ? { id: "account", name: world.name } : { id: chat, name: people.byId(chat)?.name ?? "" },
    fromAccount,
    at,
    text,
    controls: [],
    reactions: [],
    edited: false,
    deleted: false,
  });
  const chat = ({ id }: Person): PaneChat => {
    const last = said(id).at(-1);
    return {
      id,
      kind: "direct",
      title: world.name,
      subtitle: "toy",
      members: [id],
      menu: [],
      ...(last && { last: message(last) }),
    };
  };
  return {
    state: () => ({
      account: { id: "account", name: world.name },
      people: people.all(),
      chats: people.all().map(chat),
      commands: [],
      reactions: [],
      menu: [],
    }),
    messages: (id, before = Number.POSITIVE_INFINITY) =>
      said(id)
        .filter(({ number }) => number < before)
        .slice(-60)
        .map(message),
    listen: (listener) =>
      changes.listen((changed) =>
        listener({ key: changed, event: () => ({ kind: "message", message: message(changed) }) }),
      ),
    act: (action) => {
      if (action.kind === "person") {
        const { id } = people.named(typedName(action.name));
        return { person: id, chat: id };
      }
      if (action.kind !== "say") throw new SwitchboardError("REQ_001", "The toy has no such thing");
      return { chat: action.chat, message: String(post(world, action.chat, action.text, false).number) };
    },
    upload: () => {
      throw new SwitchboardError("REQ_001", "The toy has no files");
    },
    file: () => undefined,
    flush: () => journal.flush(),
  };
}
