/** The page once it is let in: sessions beside the open conversation, or in a drawer where there is no room. */
import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { useMedia } from "../../shared/use-media.ts";
import { useSignal } from "../../shared/use-signal.ts";
import { Announcer } from "./announcer.tsx";
import { useApp } from "./app-context.ts";
import { ConversationView } from "./conversation-view.tsx";
import { SessionList } from "./session-list.tsx";
import { SessionSearch } from "./session-search.tsx";

export function ChatView(): ReactNode {
  const app = useApp();
  const conversation = useSignal(app.conversation);
  const isNarrow = useMedia("(max-width: 760px)");
  const [drawer, setDrawer] = useState(false);
  const [searching, setSearching] = useState(false);
  const toggle = useRef<HTMLButtonElement>(null);
  const closeDrawer = useCallback(() => setDrawer(false), []);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setSearching((open) => !open);
      } else if (event.key === "Escape" && drawer) {
        setDrawer(false);
        toggle.current?.focus();
      }
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [drawer]);

  const isDrawerOpen = isNarrow && drawer;
  return (
    <div className="chat">
      <aside
        className={isDrawerOpen ? "sidebar open" : "sidebar"}
        inert={isNarrow && !drawer}
        aria-label="Conversations"
      >
        <SessionList onChosen={closeDrawer} onSearch={() => setSearching(true)} />
      </aside>
      {isDrawerOpen && <div className="backdrop" onClick={closeDrawer} aria-hidden />}
      <main className="conversation" inert={isDrawerOpen}>
        {conversation && (
          <ConversationView
            key={conversation.key}
            conversation={conversation}
            menu={isNarrow ? { button: toggle, open: () => setDrawer(true) } : undefined}
          />
        )}
      </main>
      {searching && <SessionSearch close={() => setSearching(false)} onChosen={closeDrawer} />}
      <Announcer />
    </div>
  );
}
