/** A business's world as the pane shows it. */
import type { PaneChat, PaneControl, PaneMedia, PaneMessage } from "@switchboard/simulator-kit";
import type { InteractiveContent } from "../api/checks.ts";
import { plainText, richText } from "../markup.ts";
import { bodyText } from "../sent.ts";
import { templateButtons } from "../templates.ts";
import type { Message, Person, World } from "../world.ts";

export function paneChat(world: World, person: Person): PaneChat {
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

export function paneMessage(world: World, message: Message): PaneMessage {
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

export function saidIn(world: World, chat: string): Message[] {
  return [...world.history.of(chat)];
}
