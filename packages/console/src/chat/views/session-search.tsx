/** Finds a session by name, key or newest words (Ctrl+K). */
import { Search } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { useNow } from "../../shared/use-now.ts";
import { useSignal } from "../../shared/use-signal.ts";
import { type SessionRow, sessionName } from "../model/session-name.ts";
import { useApp } from "./app-context.ts";
import { SessionWords } from "./session-line.tsx";

const ASK_AFTER_MS = 120;

export function SessionSearch({ close, onChosen }: { close(): void; onChosen(): void }): ReactNode {
  const app = useApp();
  const { rows } = useSignal(app.sessions.list);
  const [text, setText] = useState("");
  const [found, setFound] = useState<readonly SessionRow[]>();
  const [at, setAt] = useState(0);
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const now = useNow(60_000);
  const id = useId();

  useEffect(() => dialog.current?.showModal(), []);

  useEffect(() => {
    setAt(0);
    if (text.trim() === "") {
      setFound(undefined);
      return;
    }
    const stop = new AbortController();
    const timer = setTimeout(() => {
      app.sessions.search(text.trim(), stop.signal).then(setFound, () => {});
    }, ASK_AFTER_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [app, text]);

  const shown = found ?? rows.filter((row) => isLike(row, text, app.mainKey));
  const choose = (row: SessionRow) => {
    app.open(row.key);
    onChosen();
    close();
  };
  const onKey = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && shown.length > 0) {
      event.preventDefault();
      const next = (at + step + shown.length) % shown.length;
      setAt(next);
      list.current?.children[next]?.scrollIntoView({ block: "nearest" });
    }
    const row = shown[at];
    if (event.key === "Enter" && row) {
      event.preventDefault();
      choose(row);
    }
  };

  return (
    <dialog
      ref={dialog}
      className="search"
      aria-label="Search conversations"
      onClose={close}
      onClick={(event) => event.target === dialog.current && close()}
      onKeyDown={onKey}
    >
      <div className="search-field">
        <Search aria-hidden />
        <input
          type="search"
          role="combobox"
          aria-expanded
          aria-controls={id}
          aria-activedescendant={shown[at] && `${id}-${at}`}
          aria-label="Search conversations"
          placeholder="Search conversations"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <kbd>Esc</kbd>
      </div>
      <div ref={list} id={id} className="search-list" role="listbox" aria-label="Conversations">
        {shown.map((row, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field that has the focus hears the keys
          <div
            key={row.key}
            id={`${id}-${index}`}
            className="session-line"
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            onClick={() => choose(row)}
          >
            <SessionWords row={row} now={now} mainKey={app.mainKey} />
          </div>
        ))}
      </div>
      {shown.length === 0 && <p className="note">Nothing found.</p>}
    </dialog>
  );
}

function isLike(row: SessionRow, text: string, mainKey: string | undefined): boolean {
  const words = `${sessionName(row, mainKey)} ${row.key} ${row.lastMessagePreview ?? ""}`.toLowerCase();
  return words.includes(text.trim().toLowerCase());
}
