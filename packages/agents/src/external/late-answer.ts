/** Answers that came later, as agents outside bring them. */
import type { AgentEvent, AgentRequest } from "@switchboard/core/ports";
import { parseJsonObject, SwitchboardError, type TenantId } from "@switchboard/domain";
import { answerEvents, readAnswer, type StoreBlob, unreadable } from "./answer-events.ts";

/** How a turn is answered later. */
export interface LaterReply {
  readonly url: string;
  readonly token: string;
  /** Of the token. */
  readonly hash: string;
}

/** @throws AGENT_008 when there is none, AGENT_004 when it cannot be read. */
export async function* lateEvents(
  { answer }: NonNullable<AgentRequest["late"]>,
  tenant: TenantId,
  storeBlob: StoreBlob,
): AsyncGenerator<AgentEvent> {
  if (answer === undefined) throw new SwitchboardError("AGENT_008");
  yield* answerEvents(readAnswer(jsonOf(answer)), { tenant, storeBlob, streamed: false });
}

/** @throws AGENT_004. */
export function jsonOf(text: string): unknown {
  const value = parseJsonObject(text);
  if (value === undefined) throw unreadable("it is no JSON object");
  return value;
}
