/** Tells chats of devices: the one that asked for a setup code, and where owners decide who is let in (DEV-8). */
import { markdownContent, type OutboundContent } from "@switchboard/domain";
import { decidedOpenly } from "../access/approvals.ts";
import { ownControls } from "../commands/owned-controls.ts";
import { describeRequest, requestButtons } from "../commands/pair.ts";
import type { DeviceEvent } from "./events.ts";
import type { DeviceRequest, SetupChat } from "./records.ts";
import { REQUEST_TTL_MS } from "./requests.ts";

export interface Notice {
  readonly content: OutboundContent;
  /** Unix milliseconds: a request that is dead is not worth telling. */
  readonly expiresAt?: number;
}

/** What to say where; `undefined` when no chat is to hear of it. `buttonsOf`: how many the chat's platform has. */
export function chatNotice(
  event: DeviceEvent,
  buttonsOf: (chat: SetupChat) => number,
): (Notice & { readonly chat: SetupChat }) | undefined {
  if (event.type === "requested" && event.setup?.chat) {
    const { chat } = event.setup;
    const notice = asking("A device with your setup code asks to be let in", event.request, buttonsOf(chat));
    return { ...notice, chat, content: ownControls(notice.content, chat.peer) };
  }
  if (event.type === "set-up" && event.setup.chat) {
    return { chat: event.setup.chat, content: markdownContent("The device is connected. Its setup code is spent.") };
  }
  return undefined;
}

/** What owners are shown of a device that waits, where an account has a conversation for that. */
export function approvalNotice(request: DeviceRequest, buttons: number): Notice {
  const notice = asking("A device asks to be let in", request, buttons);
  return { ...notice, content: decidedOpenly(notice.content) };
}

/** Makes the notice of one event one message, however often it is told. */
export function noticeKey(event: DeviceEvent): string {
  if (event.type === "requested" || event.type === "resolved") return `device ${event.type} ${event.request.id}`;
  return event.type === "set-up" ? `device set-up ${event.setup.id}` : `device ${event.type} ${event.device}`;
}

/** In words where there are no buttons: a number chooses from the newest offer, which may be another device's by then. */
function asking(what: string, request: DeviceRequest, buttons: number): Notice {
  const text = `${what}: ${describeRequest(request)}`;
  const inWords = `\`/pair approve ${request.id}\` or \`/pair reject ${request.id}\``;
  return {
    content:
      buttons < 2
        ? markdownContent(`${text}\n\n${inWords}`)
        : markdownContent(text, { controls: [requestButtons(request)] }),
    expiresAt: request.refreshedAt + REQUEST_TTL_MS,
  };
}
