/** The pane: one holds the phones of the people who write to the account's number. */
import { type AttachmentKind, SwitchboardError } from "@switchboard/domain";
import { type Pane, type PaneAction, type PaneResult, type PaneWorld, typedName } from "@switchboard/simulator-kit";
import { changePhone, sayTo } from "../people/carrier.ts";
import type { Phone, World } from "../world/world.ts";
import { paneChat, paneMessage, paneState } from "./view.ts";

const PAGE = 60;

/** `url`: the simulator's own, known once it listens. */
export function pane(url: () => string): Pane<World> {
  return {
    look: {
      name: "SMS",
      placeholder: "Text message",
      without: ["edit", "reply", "groups"],
    },
    style: new URL("./look.css", import.meta.url),
    of: (world) => paneWorld(world, url),
  };
}

function paneWorld(world: World, url: () => string): PaneWorld {
  const media = () => [...world.history.all()].flatMap((message) => message.media);
  return {
    state: () => paneState(world),
    messages: (chat, before = Number.POSITIVE_INFINITY) =>
      [...world.history.of(chat)]
        .filter(({ order }) => order < before)
        .slice(-PAGE)
        .map((message) => paneMessage(world, message)),
    listen: (listener) =>
      world.changes.listen((change) => {
        if (change.kind === "message") {
          const { message } = change;
          listener({ key: message.sid, event: () => ({ kind: "message", message: paneMessage(world, message) }) });
          return;
        }
        const { phone } = change;
        listener({
          key: phone.number,
          event: () => ({ kind: "chat", chat: paneChat(world, phone), people: paneState(world).people }),
        });
      }),
    act: (action) => act(world, action, url()),
    upload: ({ bytes, chat, mimeType, name, text, kind }) => {
      const contentType = mimeType || USUAL_TYPES[kind];
      sayTo(world, phoneOf(world, chat), text, [{ bytes, contentType, name }], url());
      return { chat };
    },
    file: (id) => {
      const found = media().find(({ sid }) => sid === id);
      const bytes = found && world.bytes.get(id);
      if (!bytes) return undefined;
      const { contentType: mimeType, name } = found;
      return { bytes, mimeType, ...(name !== undefined && { name }), shown: true };
    },
    flush: () => world.journal.flush(),
  };
}

const USUAL_TYPES: Readonly<Record<AttachmentKind, string>> = {
  image: "image/jpeg",
  sticker: "image/png",
  video: "video/mp4",
  audio: "audio/mpeg",
  voice: "audio/amr",
  document: "application/octet-stream",
};

function act(world: World, action: PaneAction, url: string): PaneResult {
  switch (action.kind) {
    case "say":
      sayTo(world, phoneOf(world, action.chat), action.text, [], url);
      return { chat: action.chat };
    case "person": {
      const phone = world.phones.named(typedName(action.name));
      world.changes.tell({ kind: "phone", phone });
      return { chat: phone.number, person: phone.number };
    }
    case "do": {
      const phone = phoneOf(world, action.chat ?? action.person);
      if (action.does === "off" || action.does === "on") changePhone(world, phone, { off: action.does === "off" });
      else if (action.does === "stop" || action.does === "start") {
        sayTo(world, phone, action.does.toUpperCase(), [], url);
      } else throw new SwitchboardError("REQ_001", "There is no such thing to do");
      return { chat: phone.number };
    }
    default:
      throw new SwitchboardError("REQ_001", "Text messages cannot do that");
  }
}

function phoneOf(world: World, number: string): Phone {
  const phone = world.phones.byId(number);
  if (!phone) throw new SwitchboardError("REQ_002", "There is no such phone");
  return phone;
}
