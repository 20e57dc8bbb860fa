/** Content becomes deliveries: rendered and split by the channel before anything is queued. */
import {
  type AccountId,
  type Channel,
  type ChannelId,
  type DeliveryId,
  type InboxId,
  type MessageId,
  newId,
  type OutboundContent,
  type Priority,
  type SessionKey,
  type Target,
  type TurnId,
} from "@switchboard/domain";
import type { NewDelivery } from "../ports/index.ts";
import { deliveryLane } from "../routing/lanes.ts";
import { numberedChoices } from "./choices.ts";
import { tokeniseControls } from "./control-tokens.ts";

export interface Composition {
  readonly channel: Channel;
  readonly account: AccountId;
  readonly target: Target;
  readonly content: OutboundContent;
  readonly kind: NewDelivery["kind"];
  readonly priority: Priority;
  readonly session?: SessionKey | undefined;
  readonly turn?: TurnId | undefined;
  /** The event it answers, when no turn stands between. */
  readonly event?: InboxId | undefined;
  /** Turn this message into the first part of which the channel says that it can be edited into it. */
  readonly edits?: MessageId | undefined;
  /** When what it answers came in. */
  readonly causedAt?: number | undefined;
  readonly dueAt?: number | undefined;
  readonly expiresAt: number;
  /** The id of the first delivery; default a new one. */
  readonly id?: DeliveryId | undefined;
}

/** One delivery a part, in order. @throws MSG_003 or MSG_008 when the channel cannot show the content. */
export function composeDeliveries(composition: Composition): NewDelivery[] {
  const { channel, account, target } = composition;
  const { controls } = channel.capabilities;
  const lane = deliveryLane(channel.id as ChannelId, account, target);
  const { content, values } =
    controls.buttons === 0 && !controls.selects
      ? { content: composition.content, values: numberedChoices(composition.content, lane, composition.expiresAt) }
      : tokeniseControls(composition.content, controls.valueBytes);
  const parts = channel.render(content, target);
  const mediaBytes = (content.attachments ?? []).reduce((sum, { size = 0 }) => sum + size, 0);
  const edited = composition.edits === undefined ? -1 : parts.findIndex(({ editable }) => editable);
  return parts.map((part, index) => ({
    id: (index === 0 && composition.id) || newId("delivery"),
    channel: channel.id,
    account,
    target,
    lane,
    part,
    kind: composition.kind,
    priority: composition.priority,
    expiresAt: composition.expiresAt,
    ...(composition.session && { session: composition.session }),
    ...(composition.turn && { turn: composition.turn }),
    ...(composition.event && { event: composition.event }),
    ...(index === edited && composition.edits && { edits: composition.edits }),
    ...(composition.causedAt !== undefined && { causedAt: composition.causedAt }),
    ...(composition.dueAt !== undefined && { dueAt: composition.dueAt }),
    ...(index === 0 && mediaBytes > 0 && { mediaBytes }),
    ...(index === 0 && values && { controlValues: values }),
  }));
}
