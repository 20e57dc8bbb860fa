/**
 * Decisions by events of a chat. They are made before the event is settled, so an event that is worked on again after a
 * crash finds here what it decided, and neither fails nor decides on another request.
 */
import type { InboxId, TenantId } from "@switchboard/domain";
import type { Cause } from "../ports/index.ts";
import type { DeviceContext } from "./context.ts";
import { type Change, removal } from "./documents.ts";
import type { DeviceRequest, EventDecision } from "./records.ts";

/** What the event decided already. */
export function decidedBy({ documents }: DeviceContext, tenant: TenantId, event: InboxId): EventDecision[] {
  return documents.list(tenant, "decision").filter((each) => each.event === event);
}

/** The changes that write a decision down, and forget those whose events are over. */
export function noteDecision(
  { clock, documents }: DeviceContext,
  tenant: TenantId,
  about: { readonly request: DeviceRequest; readonly decision: EventDecision["decision"] },
  cause: Cause | undefined,
): Change[] {
  const now = clock.now();
  const over = documents.list(tenant, "decision").filter(({ expiresAt }) => expiresAt <= now);
  const gone = over.map((each) => removal("decision", idOf(each)));
  if (!cause) return gone;
  const body: EventDecision = { ...about, ...cause };
  return [...gone, { kind: "decision", id: idOf(body), body }];
}

function idOf({ event, request }: Pick<EventDecision, "event" | "request">): string {
  return `${event} ${request.id}`;
}
