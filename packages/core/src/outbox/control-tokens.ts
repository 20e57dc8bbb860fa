/**
 * Platforms give a button's value back through a few bytes. A longer value travels as a token, and the store keeps
 * what it stands for.
 */
import { createHash } from "node:crypto";
import type { Control, OutboundContent } from "@switchboard/domain";

/** Marks a token; no value of ours starts with it. */
const MARK = "~";

export interface TokenisedContent {
  readonly content: OutboundContent;
  /** Token to value; absent when every value fits. */
  readonly values?: Readonly<Record<string, string>>;
}

/** Replaces values longer than `maxBytes` (or looking like a token) by tokens. */
export function tokeniseControls(content: OutboundContent, maxBytes: number): TokenisedContent {
  if (!content.controls?.length) return { content };
  const values: Record<string, string> = {};
  const short = (value: string): string => {
    if (!value.startsWith(MARK) && Buffer.byteLength(value) <= maxBytes) return value;
    const token = MARK + createHash("sha256").update(value).digest("base64url").slice(0, 22);
    values[token] = value;
    return token;
  };
  const tokenise = (control: Control): Control => {
    if (control.kind === "button") return { ...control, value: short(control.value) };
    if (control.kind === "link") return control;
    return { ...control, options: control.options.map((option) => ({ ...option, value: short(option.value) })) };
  };
  const controls = content.controls.map((row) => row.map(tokenise));
  return { content: { ...content, controls }, ...(Object.keys(values).length > 0 && { values }) };
}

/** Whether a value that came back is a token to look up. */
export function isControlToken(value: string): boolean {
  return value.startsWith(MARK);
}
