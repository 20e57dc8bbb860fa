import { Menu } from "lucide-react";
import { type ReactNode, type RefObject, useEffect, useMemo, useState } from "react";
import { useSignal } from "../../shared/use-signal.ts";
import { channelOf, sessionName, WEBCHAT } from "../model/session-name.ts";
import { timelineOf } from "../model/timeline.ts";
import type { OpenConversation } from "../state/open-conversation.ts";
import { useApp } from "./app-context.ts";
import { Composer } from "./composer.tsx";
import { DropZone } from "./drop-zone.tsx";
import { LineState } from "./line-state.tsx";
import { Timeline } from "./timeline.tsx";
import { Trouble } from "./trouble.tsx";
import { useAttach } from "./use-attach.ts";

export function ConversationView({
  conversation,
  menu,
}: {
  readonly conversation: OpenConversation;
  readonly menu: { readonly button: RefObject<HTMLButtonElement | null>; open(): void } | undefined;
}): ReactNode {
  const app = useApp();
  const { key } = conversation;
  const state = useSignal(conversation.state);
  const all = useSignal(app.outbox.messages);
  const trouble = useSignal(app.trouble);
  const { rows } = useSignal(app.sessions.list);
  const row = rows.find((each) => each.key === key) ?? state.info;
  const channel = channelOf(row ?? { key });
  const [deliver, setDeliver] = useState(false);
  const attach = useAttach(key);
  const items = useMemo(() => {
    const outgoing = all.filter(({ session }) => session === key);
    return timelineOf(state, outgoing);
  }, [all, key, state]);
  const isWorking = state.run !== undefined || state.pending.length > 0;

  useEffect(() => {
    if (row) app.sessions.looked(row);
  }, [app, row]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      // Dialogs, menus and fields that use Escape for themselves say so.
      if (event.key !== "Escape" || event.defaultPrevented || !isWorking) return;
      if (document.querySelector("dialog[open], .sidebar.open")) return;
      void app.stop();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [app, isWorking]);

  return (
    <DropZone attach={attach}>
      <header className="conversation-head">
        {menu && (
          <button
            ref={menu.button}
            type="button"
            className="icon-button"
            onClick={menu.open}
            aria-label="Show conversations"
          >
            <Menu aria-hidden />
          </button>
        )}
        <h1>{row ? sessionName(row, app.mainKey) : key === app.mainKey ? "Main conversation" : "New conversation"}</h1>
        {channel !== WEBCHAT && <span className="channel-tag">{channel}</span>}
        <LineState />
      </header>
      <Timeline conversation={conversation} state={state} items={items} />
      <div className="foot">
        {trouble && <Trouble plight={trouble} dismiss={() => app.trouble.set(undefined)} />}
        {channel !== WEBCHAT && (
          <label className="deliver">
            <input type="checkbox" checked={deliver} onChange={(event) => setDeliver(event.target.checked)} />
            Send the answer to {channel} too. What you write goes to the agent only.
          </label>
        )}
        <Composer key={key} session={key} isWorking={isWorking} deliver={deliver} attach={attach} />
      </div>
    </DropZone>
  );
}
