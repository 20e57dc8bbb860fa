/** The TraceStore port. */
import type { TraceNote, TraceStore, TraceSubject } from "@switchboard/core/ports";
import type { Json } from "@switchboard/domain";
import { fromJson, type Mutable, toJson } from "../rows/json.ts";
import type { Context } from "./context.ts";
import type { Statement } from "./sql.ts";

interface NoteRow {
  readonly seq: number;
  readonly subject: TraceSubject;
  readonly at: number;
  readonly step: string;
  readonly detail: string | null;
}

export class TraceLog {
  readonly #insert: Statement<never>;

  constructor({ statements }: Context) {
    this.#insert = statements.insertInto("trace_notes", ["tenant", "subject", "at", "step", "detail"]);
  }

  async note(tenant: string, { at, detail, step, subject }: TraceNote): Promise<void> {
    this.#insert.send(tenant, subject, at, step, toJson(detail));
  }
}

export function traceStore({ statements }: Context, log: TraceLog): TraceStore {
  const find = statements.of<NoteRow>("SELECT * FROM trace_notes WHERE tenant = ? AND subject = ? ORDER BY seq");

  return {
    async note(tenant, notes) {
      for (const each of notes) await log.note(tenant, each);
    },

    async notes(tenant, subjects) {
      const rows: NoteRow[] = [];
      for (const subject of new Set(subjects)) rows.push(...(await find.all(tenant, subject)));
      return rows.sort((a, b) => a.at - b.at || a.seq - b.seq).map(toNote);
    },
  };
}

function toNote({ at, detail, step, subject }: NoteRow): TraceNote {
  const note: Mutable<TraceNote> = { subject, at, step };
  if (detail !== null) note.detail = fromJson<Json>(detail);
  return note;
}
