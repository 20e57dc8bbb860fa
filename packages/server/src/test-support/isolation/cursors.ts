/** Cursors of one tenant's lists, used by another on every list. */
import type { Operation } from "./attack.ts";
import { wordsIn } from "./compare.ts";
import { requestWith, slotsOf, type Usual } from "./slots.ts";

export interface CursorOutcome {
  /** How many cursors whom they were given to could go on with. */
  readonly given: number;
  readonly attempts: number;
  readonly findings: readonly string[];
}

const isList = ({ schema }: Operation) => slotsOf(schema).some((slot) => slot.at(-1) === "cursor");

/** `theirs` and `mine`: the same operations, asked as the one and as the other. */
export async function tryCursors(
  theirs: readonly Operation[],
  mine: readonly Operation[],
  { foreign, own, words }: { readonly foreign: Usual; readonly own: Usual; readonly words: readonly string[] },
): Promise<CursorOutcome> {
  const cursors = new Set<string>();
  const findings: string[] = [];
  let given = 0;
  for (const operation of theirs.filter(isList)) {
    const first = await operation.ask(listWith(operation, foreign));
    const cursor = cursorIn(first);
    if (cursor === undefined) continue;
    const next = await operation.ask(listWith(operation, foreign, cursor));
    if (JSON.stringify(next) === JSON.stringify(first) || problemOf(next) !== undefined) {
      findings.push(`${operation.name}: its own cursor leads nowhere: ${JSON.stringify(next).slice(0, 300)}`);
    }
    given += 1;
    cursors.add(cursor);
  }
  let attempts = 0;
  for (const operation of mine.filter(isList)) {
    for (const cursor of cursors) {
      attempts += 1;
      const answer = await operation.ask(listWith(operation, own, cursor));
      const told = wordsIn(answer, words, [cursor]);
      const problem = problemOf(answer);
      if (told.length > 0 || (problem !== undefined && !/REQ_00[12]|INVALID_REQUEST/.test(problem))) {
        findings.push(`${operation.name} with ${cursor}: ${told.join()} ${JSON.stringify(answer).slice(0, 400)}`);
      }
    }
  }
  return { given, attempts, findings };
}

/** A page of one, wherever in the request that stands. */
function listWith({ schema }: Operation, usual: Usual, cursor?: string): unknown {
  const slot = slotsOf(schema).find((each) => each.at(-1) === "cursor") ?? [];
  const request = requestWith(schema, usual, slot, cursor ?? "") as Record<string, unknown>;
  const place = (slot.length > 1 ? request[slot[0] ?? ""] : request) as Record<string, unknown>;
  place.limit = 1;
  if (cursor === undefined) delete place.cursor;
  return request;
}

/** Of an answer by any face: JSON in JSON is looked into, too. */
function cursorIn(answer: unknown): string | undefined {
  const text = JSON.stringify(answer).replaceAll(/\\+"/g, '"');
  return /"(?:next|cursor)":"([^"]+)"/.exec(text)?.[1];
}

/** The whole answer of any face, when it says what is wrong. */
function problemOf(answer: unknown): string | undefined {
  const {
    ok,
    result,
    status = 200,
  } = answer as {
    readonly ok?: boolean;
    readonly result?: { readonly isError?: boolean };
    readonly status?: number;
  };
  return ok === false || status >= 400 || result?.isError === true ? JSON.stringify(answer) : undefined;
}
