/** WhatsApp's pane: its looks, and a business's world as the pane sees it. */
import { SwitchboardError } from "@switchboard/domain";
import {
  type Pane,
  type PaneAction,
  type PaneChat,
  type PaneControl,
  type PaneMedia,
  type PaneMessage,
  type PaneResult,
  type PaneWorld,
  typedName,
} from "@switchboard/simulator-kit";
import type { InteractiveContent } from "./checks.ts";
import { plainText, richText } from "./markup.ts";
import { press, react, say } from "./people.ts";
import { bodyText } from "./sent.ts";
import { templateButtons } from "./templates.ts";
import { type Message, type Person, personOf, type World } from "./world.ts";

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

/** A day passes without a word of them. */
export function lapse(world: World, person: Person): void {
  person.wroteAt = 0;
  world.people.keep(person);
  world.changes.tell({ kind: "chat", person });
}

function paneChat(world: World, person: Person): PaneChat {
  const last = saidIn(world, person.id).at(-1);
  return {
    id: person.id,
    kind: "direct",
    title: world.name,
    subtitle: "business account",
    members: [person.id],
    ...(last && { last: paneMessage(world, last) }),
    menu: [
      { does: "location", label: "Send a place" },
      {
        does: "contact",
        label: "Send a contact",
        fields: [
          { name: "name", label: "Name" },
          { name: "phone", label: "Number", placeholder: "+1 650 555 1234" },
        ],
        ok: "Send",
      },
      { does: "lapse", label: "Let 24 hours pass" },
    ],
  };
}

function paneMessage(world: World, message: Message): PaneMessage {
  const { at, chat, fromAccount, id, number, replyTo, status } = message;
  const body = bodyText(world, message);
  const rich = richText(body);
  const media = paneMedia(world, message);
  const quoted = replyTo === undefined ? undefined : world.byId.get(replyTo);
  const place = message.type === "location" ? (message.content as { name?: string; address?: string }) : undefined;
  return {
    id,
    order: number,
    chat,
    from: fromAccount ? { id: "account", name: world.name } : { id: chat, name: world.people.byId(chat)?.name ?? chat },
    fromAccount,
    at,
    text: plainText(rich),
    rich,
    typed: body,
    ...(media && { media: [media] }),
    ...(place && { cards: [{ title: place.name ?? "Place", rich: [place.address ?? ""] }] }),
    ...(quoted && {
      reply: {
        id: quoted.id,
        name: quoted.fromAccount ? world.name : (world.people.byId(quoted.chat)?.name ?? quoted.chat),
        text: plainText(richText(bodyText(world, quoted))).slice(0, 200),
      },
    }),
    controls: paneControls(world, message),
    reactions: Object.entries(message.reactions).map(([by, emoji]) => ({ emoji, by: [by] })),
    ...(fromAccount && { status: status === "failed" ? "failed: not delivered" : status }),
    edited: false,
    deleted: false,
  };
}

function paneControls(world: World, message: Message): PaneControl[][] {
  const { content, fromAccount, type } = message;
  if (type === "template") {
    return templateButtons(world, message).map(({ label, url }) => [{ label, ...(url !== undefined && { url }) }]);
  }
  if (type !== "interactive" || !fromAccount) return [];
  const { action } = content as unknown as InteractiveContent;
  const { button = "", buttons = [], parameters, sections = [] } = action;
  const options = sections.flatMap(({ rows }) =>
    rows.map(({ description, title }) => ({ value: title, label: description ?? title })),
  );
  return [
    ...buttons.map(({ reply }) => [{ label: reply.title }]),
    ...(options.length > 0 ? [[{ label: button, options }]] : []),
    ...(parameters ? [[{ label: parameters.display_text, url: parameters.url }]] : []),
  ];
}

function paneMedia(world: World, { content, type }: Message): PaneMedia | undefined {
  const media = typeof content.id === "string" ? world.media.get(content.id) : undefined;
  if (!media) return undefined;
  return {
    kind: type === "audio" && content.voice === true ? "voice" : (type as PaneMedia["kind"]),
    file: media.id,
    size: media.size,
    mimeType: media.mimeType,
    ...(media.fileName !== undefined && { name: media.fileName }),
  };
}

function saidIn(world: World, chat: string): Message[] {
  return [...world.history.of(chat)];
}

function messageOf(world: World, id: string): Message {
  const message = world.byId.get(id);
  if (!message) throw new SwitchboardError("REQ_002", "That message is gone");
  return message;
}

function result({ chat, id }: Message): PaneResult {
  return { chat, message: id };
}
