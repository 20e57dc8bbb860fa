/** The conversation from top to bottom; older pages come when the reader nears the top. */
import { ArrowDown } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { useNow } from "../../shared/use-now.ts";
import { dayName } from "../../shared/words.ts";
import { type Conversation, textOf } from "../model/conversation.ts";
import type { TimelineItem } from "../model/timeline.ts";
import type { OpenConversation } from "../state/open-conversation.ts";
import { Instead } from "./instead.tsx";
import { MessageView } from "./message-view.tsx";
import { OutgoingView } from "./outgoing-view.tsx";
import { RunView } from "./run-view.tsx";
import { Trouble } from "./trouble.tsx";
import { useFollowScroll } from "./use-follow-scroll.ts";
import { Welcome } from "./welcome.tsx";

export function Timeline({
  conversation,
  state,
  items,
}: {
  readonly conversation: OpenConversation;
  readonly state: Conversation;
  readonly items: readonly TimelineItem[];
}): ReactNode {
  const newestOwn = items.findLast(({ kind }) => kind === "outgoing")?.id;
  const { scroller, content, isFollowing, toEnd } = useFollowScroll(newestOwn);
  const top = useRef<HTMLDivElement>(null);
  const now = useNow(60_000);

  const oldest = state.entries[0]?.seq;
  // biome-ignore lint/correctness/useExhaustiveDependencies: anew after each page, since a mark that stays in view tells once
  useEffect(() => {
    const mark = top.current;
    if (!mark || !state.hasOlder) return;
    const watcher = new IntersectionObserver(([entry]) => entry?.isIntersecting && void conversation.readOlder(), {
      root: scroller.current,
      rootMargin: "600px 0px 0px",
    });
    watcher.observe(mark);
    return () => watcher.disconnect();
  }, [conversation, scroller, state.hasOlder, oldest]);

  const isEmpty = state.phase === "ready" && items.length === 0;
  return (
    <div className="timeline-frame">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolls by keyboard */}
      <section className="timeline" ref={scroller} aria-label="Messages" aria-live="off" tabIndex={0}>
        <div className="timeline-content" ref={content}>
          <div ref={top} />
          {state.loadingOlder && <p className="older">Loading …</p>}
          {state.phase === "loading" && items.length === 0 && <Skeleton />}
          {state.phase === "failed" && state.plight && (
            <Trouble plight={state.plight} retry={() => void conversation.read()} />
          )}
          {isEmpty && <Welcome />}
          {items.map((item) => (
            <Instead key={item.id} of={item} show={<p className="note-line">{wordsOf(item)}</p>}>
              <Item item={item} now={now} />
            </Instead>
          ))}
        </div>
      </section>
      {!isFollowing && (
        <button type="button" className="to-end" onClick={toEnd} aria-label="Jump to the newest message">
          <ArrowDown aria-hidden />
        </button>
      )}
    </div>
  );
}

function Item({ item, now }: { readonly item: TimelineItem; readonly now: number }): ReactNode {
  switch (item.kind) {
    case "day":
      return (
        <h2 className="day">
          <span>{dayName(item.at, now)}</span>
        </h2>
      );
    case "anew":
      return <p className="anew">A new conversation: the agent forgot what stands above.</p>;
    case "message":
      return <MessageView message={item.message} isNewest={item.isNewest} />;
    case "pending":
      return (
        <MessageView message={item.message} isNewest={false} status={item.queued ? "Waiting its turn" : undefined} />
      );
    case "outgoing":
      return <OutgoingView outgoing={item.outgoing} queued={item.queued} />;
    case "run":
      return <RunView run={item.run} />;
  }
}

/** The bare words of what could not be shown otherwise. */
function wordsOf(item: TimelineItem): string {
  switch (item.kind) {
    case "message":
    case "pending":
      return textOf(item.message);
    case "outgoing":
      return item.outgoing.text;
    case "run":
      return item.run.text;
    default:
      return "";
  }
}

function Skeleton(): ReactNode {
  return (
    <div className="skeleton" role="status" aria-label="Loading">
      <span />
      <span />
      <span />
    </div>
  );
}
