/** The answer while it is written. */
import type { ReactNode } from "react";
import type { LiveRun } from "../model/conversation.ts";
import { Markdown } from "./markdown.tsx";
import { Thinking } from "./thinking.tsx";
import { usePaced } from "./use-paced.ts";

export function RunView({ run }: { readonly run: LiveRun }): ReactNode {
  const { phase, text, thinking, tool } = run;
  const shown = usePaced(text);
  const isWriting = phase !== "ending";
  return (
    <article className="message assistant live" aria-label="Agent" aria-busy={isWriting} data-phase={phase}>
      {thinking !== "" && <Thinking text={thinking} isLive={isWriting && text === ""} />}
      {shown !== "" && <Markdown text={shown} />}
      {isWriting && (
        <p className="progress">
          <span className="dots" aria-hidden>
            <i />
            <i />
            <i />
          </span>
          <span className="progress-words">{words(run, tool)}</span>
        </p>
      )}
    </article>
  );
}

function words({ phase, text }: LiveRun, tool: string | undefined): string {
  if (tool) return `Using ${tool} …`;
  if (phase === "retrying") return "That did not work. Trying again …";
  return text === "" ? "Thinking …" : "";
}
