/** What was used is recorded and counted once, over all kills (TEN-7). */
import type { Facts } from "../facts.ts";
import { groupBy } from "./index-facts.ts";

const HEARD: ReadonlySet<string> = new Set(["message", "command", "control"]);
const LET_IN: ReadonlySet<string> = new Set(["admitted", "handled"]);

export function checkUsage({ counted, deliveries, events, recorded, turns }: Facts): string[] {
  const records = groupBy(recorded, (turn) => turn);
  const heard = events.filter(({ kind, state }) => HEARD.has(kind) && LET_IN.has(state)).length;
  const sent = deliveries.filter(({ isEdit, messageIds }) => !isEdit && messageIds.length > 0);
  return [
    ...turns
      .filter(({ id }) => records.get(id)?.length !== 1)
      .map(({ id }) => `turn ${id} has ${records.get(id)?.length ?? 0} records of use`),
    ...differ("runs", counted.runs, turns.length),
    ...differ("messages in", counted.messagesIn, heard),
    ...differ("messages out", counted.messagesOut, sent.length),
  ];
}

function differ(what: string, counted: number, there: number): string[] {
  return counted === there ? [] : [`${counted} ${what} were counted, ${there} are there`];
}
