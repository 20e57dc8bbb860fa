/** Every message on its way, newest first. */
import { type ReactNode, useState } from "react";
import { useSignal } from "../../shared/use-signal.ts";
import { channelsOf } from "../model/messages.ts";
import type { SandboxApp } from "../sandbox-app.ts";
import { TraceLine } from "./trace-line.tsx";

export function TracePanel({ app }: { readonly app: SandboxApp }): ReactNode {
  const messages = useSignal(app.messages);
  const [channel, setChannel] = useState("");
  const channels = channelsOf(messages);
  const shown = channel === "" ? messages : messages.filter((message) => message.channel === channel);
  return (
    <>
      <div className="panel-head">
        <h2>Trace</h2>
        <label className="trace-filter">
          <span className="unseen">Channel</span>
          <select value={channel} onChange={(event) => setChannel(event.target.value)}>
            <option value="">All channels</option>
            {channels.map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
        </label>
      </div>
      {shown.length === 0 ? (
        <p className="panel-empty">
          Every message shows its way here, step by step. Write one in WebChat or on a platform.
        </p>
      ) : (
        <ul className="trace" aria-label="Messages on their way">
          {shown.map((message) => (
            <TraceLine key={message.id} app={app} message={message} />
          ))}
        </ul>
      )}
    </>
  );
}
