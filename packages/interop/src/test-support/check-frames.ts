/** Holds every frame that passed against the schemas of the wider world, and against our own. */
import { problemsOf } from "@switchboard/domain";
import { EVENTS, type EventName, eventSpec, isMethod, methodSpec } from "@switchboard/protocol";
import { withoutExceptions } from "./exceptions.ts";
import { againstTheirs, eventSchema, resultSchema } from "./their-schemas.ts";
import type { Passed } from "./wire.ts";

/** What was wrong with a frame: where, and the schema's words. */
export interface Fault {
  readonly where: string;
  readonly problems: readonly string[];
}

/** How often each event came, and each method was answered without an error. */
export interface Seen {
  readonly events: ReadonlyMap<string, number>;
  readonly results: ReadonlyMap<string, number>;
}

export function checkFrames(passed: readonly Passed[]): { readonly faults: readonly Fault[]; readonly seen: Seen } {
  const events = new Map<string, number>();
  const results = new Map<string, number>();
  const faults = new Map<string, Fault>();
  const asked = new Map<string, string>();
  const hold = (where: string, problems: readonly string[]) => {
    if (problems.length > 0) faults.set(`${where} ${problems.join()}`, { where, problems });
  };
  const theirs = (where: string, schema: string, value: unknown) =>
    hold(`${where} as ${schema}`, againstTheirs(schema, withoutExceptions(schema, value)));

  for (const { connection, from, frame } of passed) {
    const id = `${connection} ${String(frame.id)}`;
    if (from === "client") {
      asked.set(id, String(frame.method));
    } else if (frame.type === "event") {
      const event = String(frame.event);
      count(events, event);
      theirs(event, "EventFrame", frame);
      for (const problem of eventProblems(event, frame.payload)) hold(event, [problem]);
      const schema = eventSchema(event);
      if (schema !== undefined) theirs(event, schema, frame.payload);
      if (event === "presence") entries((frame.payload as { presence: unknown }).presence, theirs);
    } else {
      const method = asked.get(id) ?? "nobody asked";
      theirs(method, "ResponseFrame", frame);
      if (frame.ok !== true) {
        theirs(method, "ErrorShape", frame.error);
        continue;
      }
      count(results, method);
      if (method === "connect") theirs(method, "HelloOk", frame.payload);
      if (method === "system-presence") entries(frame.payload, theirs);
      hold(method, resultProblems(method, frame.payload));
      const schema = resultSchema(method);
      if (schema !== undefined) theirs(method, schema, frame.payload);
    }
  }
  return { faults: [...faults.values()], seen: { events, results } };
}

type Hold = (where: string, schema: string, value: unknown) => void;

function entries(presence: unknown, theirs: Hold): void {
  for (const entry of presence as readonly unknown[]) theirs("presence", "PresenceEntry", entry);
}

function eventProblems(event: string, payload: unknown): string[] {
  if (!Object.hasOwn(EVENTS, event)) return ["there is no such event"];
  return problemsOf(eventSpec(event as EventName).payload, payload);
}

/** Against our own schema; of two answers either may be it. */
function resultProblems(method: string, payload: unknown): string[] {
  if (method === "connect" || !isMethod(method)) return [];
  const { accepted, result } = methodSpec(method);
  const problems = problemsOf(result, payload);
  return accepted && problems.length > 0 && problemsOf(accepted, payload).length === 0 ? [] : problems;
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
