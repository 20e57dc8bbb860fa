import { PenLine, Search } from "lucide-react";
import type { ReactNode } from "react";
import { useNow } from "../../shared/use-now.ts";
import { useSignal } from "../../shared/use-signal.ts";
import type { SessionRow } from "../model/session-name.ts";
import { useApp } from "./app-context.ts";
import { SessionLine } from "./session-line.tsx";
import { Trouble } from "./trouble.tsx";

export function SessionList({ onChosen, onSearch }: { onChosen(): void; onSearch(): void }): ReactNode {
  const app = useApp();
  const list = useSignal(app.sessions.list);
  const seen = useSignal(app.sessions.seen);
  const current = useSignal(app.conversation)?.key;
  const now = useNow(60_000);
  const rows = withCurrent(list.rows, current);
  return (
    <>
      <div className="sidebar-head">
        <span className="wordmark">Switchboard</span>
        <button
          type="button"
          className="icon-button"
          onClick={onSearch}
          aria-label="Search conversations"
          title="Search conversations (Ctrl+K)"
        >
          <Search aria-hidden />
        </button>
        <button
          type="button"
          className="icon-button"
          onClick={() => {
            app.begin();
            onChosen();
          }}
          aria-label="New conversation"
          title="New conversation"
        >
          <PenLine aria-hidden />
        </button>
      </div>
      <nav className="session-list" aria-label="Conversations">
        {list.phase === "failed" && list.plight && (
          <Trouble plight={list.plight} retry={() => void app.sessions.refresh()} />
        )}
        <ul>
          {rows.map((row) => (
            <li key={row.key}>
              <SessionLine
                row={row}
                now={now}
                mainKey={app.mainKey}
                isCurrent={row.key === current}
                hasNews={row.key !== current && app.sessions.hasNews(row, seen)}
                choose={() => {
                  app.open(row.key);
                  onChosen();
                }}
              />
            </li>
          ))}
        </ul>
        {list.rows.length < list.total && (
          <button type="button" className="button quiet" onClick={() => void app.sessions.more()}>
            Show older conversations
          </button>
        )}
      </nav>
    </>
  );
}

/** One that nobody has written in is in no list yet. */
function withCurrent(rows: readonly SessionRow[], current: string | undefined): readonly SessionRow[] {
  if (current === undefined || rows.some(({ key }) => key === current)) return rows;
  return [{ key: current, kind: "direct", updatedAt: null }, ...rows];
}
