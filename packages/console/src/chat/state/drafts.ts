/** What is being written, for each session, over reloads. */
import { Signal } from "../../shared/signal.ts";
import type { Storage } from "../../shared/storage.ts";
import type { OutgoingFile } from "../model/outgoing.ts";

export interface Draft {
  readonly text: string;
  readonly files: readonly OutgoingFile[];
}

export const EMPTY_DRAFT: Draft = { text: "", files: [] };

export class Drafts {
  readonly #storage: Storage;
  readonly #drafts = new Map<string, Signal<Draft>>();

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  of(session: string): Signal<Draft> {
    const known = this.#drafts.get(session);
    if (known) return known;
    const name = `draft.${session}`;
    const draft = new Signal(asDraft(this.#storage.read(name)));
    draft.watch(() => {
      const { files, text } = draft.get();
      this.#storage.write(name, text === "" && files.length === 0 ? undefined : { text, files });
    });
    this.#drafts.set(session, draft);
    return draft;
  }
}

function asDraft(value: unknown): Draft {
  const { text, files } = (value ?? {}) as { text?: unknown; files?: unknown };
  if (typeof text !== "string" || !Array.isArray(files)) return EMPTY_DRAFT;
  return { text, files: files as OutgoingFile[] };
}
