import type { ReactNode } from "react";
import { Markdown } from "./markdown.tsx";

/** The model's reasoning, folded away. */
export function Thinking({ text, isLive = false }: { readonly text: string; readonly isLive?: boolean }): ReactNode {
  return (
    <details className="thinking">
      <summary>{isLive ? "Thinking …" : "Reasoning"}</summary>
      <Markdown text={text} />
    </details>
  );
}
