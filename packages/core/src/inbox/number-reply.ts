/** A number in answer to choices that the platform could not show as buttons. */
import type { ControlEvent, MessageEvent } from "@switchboard/domain";
import { chosenValue, offerToken } from "../outbox/choices.ts";
import { deliveryLane } from "../routing/lanes.ts";
import type { Case, DecisionPorts } from "./decision.ts";

/** Nothing but a number, as people write it: `2`, `2.`, `#2`, `2)`. */
const NUMBER = /^\s*#?\s*(\d{1,3})\s*[.)]?\s*$/;

/** The message as the press it stands for; `undefined` when it is a message like any other. */
export async function chosenByNumber(
  question: Case<MessageEvent>,
  { clock, store }: Pick<DecisionPorts, "clock" | "store">,
): Promise<Case<ControlEvent> | undefined> {
  const { account, event, route } = question;
  const { buttons, selects } = account.channel.capabilities.controls;
  if (buttons > 0 || selects || event.operator) return undefined;
  const [, digits] = NUMBER.exec(event.content.text ?? "") ?? [];
  if (digits === undefined || event.content.attachments?.length) return undefined;
  const { channel, tenant } = account.ref;
  const lane = deliveryLane(channel, account.ref.account, route.origin);
  const kept = await store.outbox.controlValue(tenant, offerToken(lane));
  const value = chosenValue(kept, Number(digits), clock.now());
  if (value === undefined) return undefined;
  const { platform, account: name, conversation, thread, sender, at, raw } = event;
  return {
    ...question,
    event: {
      kind: "control",
      platform,
      account: name,
      conversation,
      ...(thread !== undefined && { thread }),
      ...(sender && { sender }),
      at,
      raw,
      value,
    },
  };
}
