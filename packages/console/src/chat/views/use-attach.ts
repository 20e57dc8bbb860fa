import { useCallback } from "react";
import { plightOf } from "../model/plight.ts";
import { useApp } from "./app-context.ts";

const MOST_FILES = 32;

/** Adds files to a session's draft; what cannot be taken is said. */
export function useAttach(session: string): (files: Iterable<File>) => void {
  const app = useApp();
  return useCallback(
    (files) => {
      const draft = app.drafts.of(session);
      for (const file of files) {
        if (draft.get().files.length >= MOST_FILES) {
          app.trouble.set({ message: `A message takes at most ${MOST_FILES} files.` });
          return;
        }
        try {
          const taken = app.uploads.add(file);
          draft.update((before) => ({ ...before, files: [...before.files, taken] }));
        } catch (error) {
          app.trouble.set(plightOf(error));
        }
      }
    },
    [app, session],
  );
}
