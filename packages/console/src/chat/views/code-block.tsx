import { isValidElement, type ReactNode, useRef } from "react";
import { CopyButton } from "../../shared/copy-button.tsx";

export function CodeBlock({ children }: { readonly children?: ReactNode }): ReactNode {
  const block = useRef<HTMLPreElement>(null);
  const language = languageOf(children);
  return (
    <figure className="code-block">
      <figcaption>
        <span>{language ?? "text"}</span>
        <CopyButton text={() => block.current?.textContent?.replace(/\n$/, "") ?? ""} what="code" />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll by keyboard */}
      <pre ref={block} tabIndex={0}>
        {children}
      </pre>
    </figure>
  );
}

function languageOf(children: ReactNode): string | undefined {
  if (!isValidElement<{ className?: string }>(children)) return undefined;
  return /language-([\w+#-]+)/.exec(children.props.className ?? "")?.[1];
}
