import type { TracedMessage } from "@switchboard/sandbox";
import { ChevronRight } from "lucide-react";
import { memo, type ReactNode, useId, useState } from "react";
import { duration } from "../../shared/words.ts";
import { legsOf, stateOf, tookMs } from "../model/messages.ts";
import type { SandboxApp } from "../sandbox-app.ts";
import { TraceDetail } from "./trace-detail.tsx";

/** One message: what it says, how far it got, and all of it on request. */
export const TraceLine = memo(function TraceLine({
  app,
  message,
}: {
  readonly app: SandboxApp;
  readonly message: TracedMessage;
}): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const { channel, preview, steps } = message;
  const at = steps[0]?.at ?? 0;
  return (
    <li className="trace-line" data-state={stateOf(message)} data-id={message.id}>
      <button type="button" aria-expanded={isOpen} aria-controls={id} onClick={() => setOpen(!isOpen)}>
        <span className="trace-top">
          <ChevronRight aria-hidden className="trace-arrow" />
          {channel && <span className="channel-tag">{channel}</span>}
          <Preview text={preview} />
          <time dateTime={new Date(at).toISOString()}>{new Date(at).toLocaleTimeString()}</time>
        </span>
        <span className="trace-legs">
          {legsOf(steps).map(({ mood, step, times, why }, index) => (
            // Steps are only ever added behind, or replaced by the same from the record.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <span key={index} className={`leg ${mood}`}>
              {step}
              {times > 1 && ` ×${times}`}
              {why !== undefined && <span className="leg-why"> ({why})</span>}
            </span>
          ))}
          <span className="trace-took">{duration(tookMs(message))}</span>
        </span>
      </button>
      {isOpen && (
        <div id={id}>
          <TraceDetail app={app} message={message} />
        </div>
      )}
    </li>
  );
});

/** What carries no words, e.g. `[forum_topic_created]`, must not look as if somebody had written it. */
function Preview({ text }: { readonly text: string | undefined }): ReactNode {
  const happening = /^\[([a-z][a-z_ ]*)\]$/.exec(text ?? "")?.[1];
  if (happening === undefined) return <span className="trace-preview">{text ?? "…"}</span>;
  return <em className="trace-preview wordless">{happening.replaceAll("_", " ")}</em>;
}
