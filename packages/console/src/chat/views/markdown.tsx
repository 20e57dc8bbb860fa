/**
 * What an agent wrote. Agents repeat what strangers and web pages say, so: HTML is shown, never run; links open
 * elsewhere and learn nothing of this page; pictures from elsewhere are links, since fetching one tells its owner that
 * and when it was read.
 */
import { parseMarkdown } from "@switchboard/domain";
import { memo, type ReactNode } from "react";
import ReactMarkdown, { type Components, defaultUrlTransform } from "react-markdown";
import { CodeBlock } from "./code-block.tsx";
import { Instead } from "./instead.tsx";

/** Read as it is read for the platforms: what is made to be slow, or to exhaust the stack, is taken literally. */
function readAsEverywhere(this: { parser?: unknown }): void {
  this.parser = parseMarkdown;
}
const PLUGINS = [readAsEverywhere];

const COMPONENTS: Components = {
  a({ children, href, title }) {
    return (
      <OutLink href={href} title={title}>
        {children}
      </OutLink>
    );
  },
  img({ alt, src }) {
    const address = typeof src === "string" ? src : undefined;
    return <OutLink href={address}>{alt || address || "picture"}</OutLink>;
  },
  pre({ children }) {
    return <CodeBlock>{children}</CodeBlock>;
  },
  table({ children }) {
    return (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls by keyboard
      <div className="table-frame" tabIndex={0}>
        <table>{children}</table>
      </div>
    );
  },
  input({ checked }) {
    return <input type="checkbox" checked={checked ?? false} readOnly tabIndex={-1} aria-label="done" />;
  },
};

export const Markdown = memo(function Markdown({ text }: { readonly text: string }): ReactNode {
  return (
    <div className="markdown">
      <Instead of={text} show={<p className="typed">{text}</p>}>
        <ReactMarkdown remarkPlugins={PLUGINS} components={COMPONENTS} urlTransform={safeUrl}>
          {text}
        </ReactMarkdown>
      </Instead>
    </div>
  );
});

/** An address that opens in a new tab, or plain words where there is none to open. */
export function OutLink({
  children,
  href,
  title,
}: {
  readonly children?: ReactNode;
  readonly href?: string | undefined;
  readonly title?: string | undefined;
}): ReactNode {
  const address = href && safeUrl(href);
  if (!address) return <>{children}</>;
  if (address.startsWith("#")) return <a href={address}>{children}</a>;
  return (
    <a href={address} title={title} target="_blank" rel="noopener noreferrer nofollow" referrerPolicy="no-referrer">
      {children}
    </a>
  );
}

/** Web, mail and telephone; nothing that runs. Relative addresses would lead into the gateway itself. */
export function safeUrl(address: string): string {
  if (address.startsWith("#")) return address;
  if (/^tel:[+\d() -]+$/i.test(address)) return address;
  return /^(https?|mailto):/i.test(address) ? defaultUrlTransform(address) : "";
}
