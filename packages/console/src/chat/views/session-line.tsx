import type { ReactNode } from "react";
import { shortTime } from "../../shared/words.ts";
import { channelOf, type SessionRow, sessionName, WEBCHAT } from "../model/session-name.ts";

interface Shown {
  readonly row: SessionRow;
  readonly now: number;
  readonly mainKey: string | undefined;
  readonly hasNews?: boolean;
}

/** A session in the list. */
export function SessionLine({
  isCurrent,
  choose,
  ...shown
}: Shown & { readonly isCurrent: boolean; choose(): void }): ReactNode {
  return (
    <button
      type="button"
      className="session-line"
      aria-current={isCurrent ? "page" : undefined}
      onClick={choose}
      data-session={shown.row.key}
    >
      <SessionWords {...shown} />
    </button>
  );
}

/** What is said of a session wherever it is listed. */
export function SessionWords({ row, now, mainKey, hasNews = false }: Shown): ReactNode {
  const channel = channelOf(row);
  const at = row.lastActivityAt ?? row.updatedAt;
  return (
    <>
      <span className="session-top">
        <span className="session-name">{sessionName(row, mainKey)}</span>
        {at !== null && at !== undefined && <time dateTime={new Date(at).toISOString()}>{shortTime(at, now)}</time>}
      </span>
      <span className="session-bottom">
        {channel !== WEBCHAT && <span className="channel-tag">{channel}</span>}
        <span className="session-preview">{row.lastMessagePreview ?? "No messages yet"}</span>
        {row.hasActiveRun && <span className="working" role="img" aria-label="Answering" />}
        {hasNews && <span className="news" role="img" aria-label="New messages" />}
      </span>
    </>
  );
}
