/** Tells the chat that asked for a setup code what becomes of it: once each, with buttons (DEV-8). */
import { markdownContent, type OutboundContent } from "@switchboard/domain";
import { decidedOpenly } from "../access/approvals.ts";
import { ownControls } from "../commands/owned-controls.ts";
import { describeRequest, requestButtons } from "../commands/pair.ts";
import type { DeviceEvent } from "./events.ts";
import type { SetupChat } from "./records.ts";

/** What to say where; `undefined` when no chat is to hear of it. */
export function chatNotice(
  event: DeviceEvent,
): { readonly chat: SetupChat; readonly content: OutboundContent } | undefined {
  if (event.type === "requested" && event.setup?.chat) {
    const text = `A device with your setup code asks to be let in: ${describeRequest(event.request)}`;
    const content = markdownContent(text, { controls: [requestButtons(event.request)] });
    return { chat: event.setup.chat, content: ownControls(content, event.setup.chat.peer) };
  }
  if (event.type === "set-up" && event.setup.chat) {
    return { chat: event.setup.chat, content: markdownContent("The device is connected. Its setup code is spent.") };
  }
  return undefined;
}

/** What owners are shown of a device that waits, where an account has a conversation for that. */
export function approvalNotice(event: DeviceEvent): OutboundContent | undefined {
  if (event.type !== "requested") return undefined;
  const text = `A device asks to be let in: ${describeRequest(event.request)}`;
  return decidedOpenly(markdownContent(text, { controls: [requestButtons(event.request)] }));
}

/** Makes the notice of one event one message, however often it is told. */
export function noticeKey(event: DeviceEvent): string {
  if (event.type === "requested" || event.type === "resolved") return `device ${event.type} ${event.request.id}`;
  return event.type === "set-up" ? `device set-up ${event.setup.id}` : `device ${event.type} ${event.device}`;
}
