/** WhatsApp's pane: its looks, and a business's world as the pane sees it. */
import { SwitchboardError } from "@switchboard/domain";
import { type Pane, type PaneAction, type PaneResult, type PaneWorld, typedName } from "@switchboard/simulator-kit";
import { lapse, press, react, say } from "../people.ts";
import { type Message, personOf, type World } from "../world.ts";
import { paneChat, paneMessage, saidIn } from "./view.ts";

export const pane: Pane<World> = {
  look: { name: "WhatsApp", stickers: true, without: ["edit", "groups"] },
  style: new URL("./look.css", import.meta.url),
  of: paneWorld,
};

const REACTIONS = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

function paneWorld(world: World): PaneWorld {
  return {
    state: () => ({
      account: { id: "account", name: world.name, handle: "business" },
      people: world.people.all().map(({ id, name }) => ({ id, name, handle: `+${id}` })),
      chats: world.people.all().map((person) => paneChat(world, person)),
      commands: [],
      reactions: REACTIONS,
      menu: [],
    }),
    messages: (chat, before = Number.POSITIVE_INFINITY) =>
      saidIn(world, chat)
        .filter(({ number }) => number < before)
        .slice(-60)
        .map((message) => paneMessage(world, message)),
    listen: (listener) =>
      world.changes.listen((change) => {
        switch (change.kind) {
          case "message": {
            const { message } = change;
            listener({ key: message, event: () => ({ kind: "message", message: paneMessage(world, message) }) });
            return;
          }
          case "chat": {
            const { person } = change;
            const people = world.people.all().map(({ id, name }) => ({ id, name, handle: `+${id}` }));
            listener({ key: person, event: () => ({ kind: "chat", chat: paneChat(world, person), people }) });
            return;
          }
          case "typing": {
            const { chat, on } = change;
            listener({ key: change, event: () => ({ kind: "typing", chat, ...(on && { text: "typing" }) }) });
          }
        }
      }),
    act: (action) => act(world, action),
    upload: ({ bytes, kind, mimeType, name, person, replyTo, text }) =>
      result(
        say(world, {
          from: personOf(world, person),
          phone: world.account.phones[0],
          text: kind === "sticker" ? "" : text,
          attach: { kind, bytes, fileName: name, ...(mimeType !== "" && { mimeType }) },
          ...(replyTo !== undefined && { replyTo }),
        }),
      ),
    file: (id) => {
      const media = world.media.get(id);
      const bytes = world.bytes.get(id);
      if (!media || !bytes) return undefined;
      const { fileName, mimeType } = media;
      return { bytes, mimeType, shown: !/pdf|octet/.test(mimeType), ...(fileName !== undefined && { name: fileName }) };
    },
    flush: () => world.journal.flush(),
  };
}

function act(world: World, action: PaneAction): PaneResult {
  switch (action.kind) {
    case "say": {
      const { person, replyTo, text } = action;
      const phone = world.account.phones[0];
      return result(
        say(world, { from: personOf(world, person), phone, text, ...(replyTo !== undefined && { replyTo }) }),
      );
    }
    case "react":
      react(world, personOf(world, action.person), messageOf(world, action.message), action.emoji);
      return {};
    case "press":
    case "select": {
      const label = action.kind === "press" ? action.label : (action.values[0] ?? "");
      const pressed = press(world, personOf(world, action.person), messageOf(world, action.message), label);
      return "url" in pressed ? pressed : result(pressed);
    }
    case "person": {
      const person = world.people.named(typedName(action.name));
      world.changes.tell({ kind: "chat", person });
      return { person: person.id, chat: person.id };
    }
    case "do":
      return doIt(world, action);
    default:
      throw new SwitchboardError("REQ_001", "WhatsApp has no such thing");
  }
}

function doIt(world: World, { does, person: id, values }: Extract<PaneAction, { kind: "do" }>): PaneResult {
  const from = personOf(world, id);
  const phone = world.account.phones[0];
  if (does === "location") {
    const content = {
      latitude: 37.44221,
      longitude: -122.16166,
      name: "Philz Coffee",
      address: "101 Forest Ave, Palo Alto",
    };
    return result(say(world, { from, phone, other: { type: "location", content } }));
  }
  if (does === "contact") {
    const name = typedName(values.name);
    const contact = { name: { formatted_name: name, first_name: name }, phones: [{ phone: values.phone ?? "" }] };
    return result(say(world, { from, phone, other: { type: "contacts", content: [contact] as never } }));
  }
  if (does !== "lapse") throw new SwitchboardError("REQ_002", "WhatsApp has no such thing");
  lapse(world, from);
  return {};
}

function messageOf(world: World, id: string): Message {
  const message = world.byId.get(id);
  if (!message) throw new SwitchboardError("REQ_002", "That message is gone");
  return message;
}

function result({ chat, id }: Message): PaneResult {
  return { chat, message: id };
}
