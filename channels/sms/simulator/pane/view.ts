/** The world as phones show it. */
import type { PaneChat, PaneMedia, PaneMessage, PaneState, RichNode } from "@switchboard/simulator-kit";
import { kindOf } from "../view.ts";
import { isOutbound, type StoredMessage } from "../world/message.ts";
import type { Phone, World } from "../world/world.ts";

/** What phones make links of. */
const ADDRESS = /\bhttps?:\/\/[^\s<>()]+[^\s<>().,;:!?"']|(?<=\()https?:\/\/[^\s<>()]+(?=\))/g;

export function paneState(world: World): Omit<PaneState, "look"> {
  const phones = world.phones.all();
  return {
    account: { id: world.number, name: readable(world.number) },
    people: phones.map(({ name, number }) => ({ id: number, name })),
    chats: phones.map((phone) => paneChat(world, phone)),
    commands: [],
    reactions: [],
    menu: [],
  };
}

export function paneChat(world: World, { name, number, off, optedOut }: Phone): PaneChat {
  const last = [...world.history.of(number)].at(-1);
  const states = [...(off ? ["switched off"] : []), ...(optedOut ? ["opted out"] : [])];
  return {
    id: number,
    kind: "direct",
    title: readable(world.number),
    subtitle: [`${name}'s phone, ${readable(number)}`, ...states].join(" · "),
    members: [number],
    ...(last && { last: paneMessage(world, last) }),
    menu: [
      off ? { does: "on", label: "Switch the phone on" } : { does: "off", label: "Switch the phone off" },
      optedOut ? { does: "start", label: "Write START" } : { does: "stop", label: "Write STOP", danger: true },
    ],
  };
}

export function paneMessage(world: World, message: StoredMessage): PaneMessage {
  const { at, body, media, order, phone, sid } = message;
  const fromAccount = isOutbound(message);
  const person = world.phones.byId(phone);
  const rich = linked(body);
  return {
    id: sid,
    order,
    chat: phone,
    from: fromAccount
      ? { id: world.number, name: readable(world.number) }
      : { id: phone, name: person?.name ?? readable(phone) },
    fromAccount,
    at,
    text: body,
    ...(rich.length > 1 && { rich }),
    ...(media.length > 0 && { media: media.map(paneMedia) }),
    controls: [],
    reactions: [],
    status: statusLine(message),
    edited: false,
    deleted: false,
  };
}

/** E.g. `delivered · 2 segments · UCS-2`. */
function statusLine({ encoding, errorCode, media, segments, status }: StoredMessage): string {
  const size = media.length > 0 ? ["MMS"] : [`${segments} ${segments === 1 ? "segment" : "segments"}`, encoding];
  return [errorCode === undefined ? status : `${status}: ${errorCode}`, ...size].join(" · ");
}

function paneMedia({ contentType, name, sid, size }: StoredMessage["media"][number]): PaneMedia {
  return { kind: kindOf(contentType), file: sid, mimeType: contentType, size, ...(name !== undefined && { name }) };
}

function linked(body: string): RichNode[] {
  const nodes: RichNode[] = [];
  let end = 0;
  for (const { 0: url, index } of body.matchAll(ADDRESS)) {
    if (index > end) nodes.push(body.slice(end, index));
    nodes.push({ is: "link", url, children: [url] });
    end = index + url.length;
  }
  if (end < body.length) nodes.push(body.slice(end));
  return nodes;
}

/** `+1 (555) 200-0000`, as phones in North America write it. */
function readable(number: string): string {
  return number.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, "+1 ($1) $2-$3");
}
