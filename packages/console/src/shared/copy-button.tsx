import { Check, Copy } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";

const SHOWN_MS = 1_600;

export function CopyButton({
  text,
  what,
}: {
  /** Looked up when pressed, where it is a function. */
  readonly text: string | (() => string);
  readonly what: string;
}): ReactNode {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <button
      type="button"
      className="icon-button small copy"
      aria-label={copied ? "Copied" : `Copy ${what}`}
      onClick={() => {
        const all = typeof text === "string" ? text : text();
        copy(all).then(
          () => setCopied(true),
          () => {},
        );
      }}
    >
      {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
    </button>
  );
}

async function copy(text: string): Promise<void> {
  // Missing where the page came over plain HTTP from another machine.
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  field.style.position = "fixed";
  field.style.opacity = "0";
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}
