/** A turn as a CloudEvent (https://cloudevents.io, 1.0, structured JSON). */
import type { AgentTurn } from "@switchboard/protocol";

const TYPE = "switchboard.turn.requested";
const SCHEMA = "urn:switchboard:agent-turn:1";

/**
 * `id` stays the same over all tries of a turn. A message that joins a turn before a further try is part of the id: it
 * is another question then. `at`: Unix milliseconds.
 */
export function turnEvent(turn: AgentTurn, at: number) {
  return {
    specversion: "1.0",
    type: TYPE,
    source: `/switchboard/tenants/${encodeURIComponent(turn.tenant)}/agents/${turn.agent}`,
    id: `${turn.turn}-${turn.messages.length}`,
    subject: turn.session.key,
    time: new Date(at).toISOString(),
    datacontenttype: "application/json",
    dataschema: SCHEMA,
    data: turn,
  };
}
