/** Arrow-up in an empty field brings back what was said before, one by one; arrow-down goes the other way. */
import { type KeyboardEvent, useRef } from "react";
import { textOf } from "../model/conversation.ts";
import { useApp } from "./app-context.ts";

interface Recall {
  /** The text to put into the field; `undefined` when the key means something else. */
  onKey(event: KeyboardEvent, text: string): string | undefined;
  reset(): void;
}

export function useRecall(session: string): Recall {
  const app = useApp();
  /** How far back; 0 is what is being written. */
  const depth = useRef(0);
  return {
    onKey(event, text) {
      const step = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
      if (step === 0 || event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return undefined;
      // In a text of one's own the arrows move the cursor.
      if (depth.current === 0 && (step < 0 || text !== "")) return undefined;
      const said = saidIn(app, session);
      const next = depth.current + step;
      if (next > said.length) return undefined;
      event.preventDefault();
      depth.current = next;
      return next === 0 ? "" : (said.at(-next) ?? "");
    },
    reset() {
      depth.current = 0;
    },
  };
}

function saidIn(app: ReturnType<typeof useApp>, session: string): string[] {
  const entries = app.conversation.get()?.state.get().entries ?? [];
  const said = [
    ...entries.filter(({ message }) => message.role === "user").map(({ message }) => textOf(message)),
    ...app.outbox.of(session).map(({ text }) => text),
  ];
  return said.filter((text, index) => text !== "" && text !== said[index - 1]);
}
