/**
 * The conversation of an account where requests to be let in are shown to its owners, with buttons (setting `approvals`).
 * The buttons belong to nobody in particular: whoever presses one is asked for the `command` authority then, so that a
 * new owner can use an old message and a former owner cannot.
 */
import {
  type Channel,
  type ControlEvent,
  type InboundEvent,
  type OutboundContent,
  SwitchboardError,
  type Target,
} from "@switchboard/domain";
import type { AccountSettings } from "@switchboard/protocol";

/** Stands behind the command of a button: what comes of it is for everybody there, and names who decided. */
export const OPENLY = "openly";

interface WithApprovals {
  readonly channel: Pick<Channel, "parseTarget">;
  readonly settings: Pick<AccountSettings, "approvals">;
}

/** `undefined` where there is none, or what is written there is no address of the platform. */
export function approvalsTarget({ channel, settings }: WithApprovals): Target | undefined {
  if (settings.approvals === undefined) return undefined;
  try {
    return channel.parseTarget(settings.approvals);
  } catch (thrown) {
    if (thrown instanceof SwitchboardError) return undefined;
    throw thrown;
  }
}

/**
 * Whether the event is a button pressed in that conversation. Some platforms name a message that was answered in a thread
 * as that thread's; it was posted to the conversation all the same.
 */
export function isPressedAt(event: InboundEvent, target: Target | undefined): event is ControlEvent {
  if (event.kind !== "control" || target === undefined) return false;
  if (event.conversation.id !== target.conversation) return false;
  const isRoot = event.thread !== undefined && String(event.thread) === event.messageId;
  return event.thread === target.thread || (target.thread === undefined && isRoot);
}

/** The same content with buttons that decide openly. */
export function decidedOpenly(content: OutboundContent): OutboundContent {
  if (!content.controls) return content;
  return {
    ...content,
    controls: content.controls.map((row) =>
      row.map((control) => (control.kind === "button" ? { ...control, value: `${control.value} ${OPENLY}` } : control)),
    ),
  };
}
