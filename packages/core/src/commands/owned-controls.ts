/**
 * Whose a button is. In a group everybody sees the menu that one person asked for; the gateway's own buttons carry that
 * person's id, so that nobody else turns the pages or confirms for them (AGT-5).
 */
import type { Control, OutboundContent } from "@switchboard/domain";

/** Stands before the owner; the command line follows after a space. */
const MARK = ">";

export interface OwnedValue {
  /** Absent: anybody may press it. */
  readonly owner?: string;
  readonly value: string;
}

/** The same content with buttons that only `owner` may press. */
export function ownControls(content: OutboundContent, owner: string): OutboundContent {
  if (!content.controls) return content;
  const own = (value: string) => `${MARK}${encodeURIComponent(owner)} ${value}`;
  const owned = (control: Control): Control => {
    if (control.kind === "link") return control;
    if (control.kind === "button") return { ...control, value: own(control.value) };
    return { ...control, options: control.options.map((option) => ({ ...option, value: own(option.value) })) };
  };
  return { ...content, controls: content.controls.map((row) => row.map(owned)) };
}

/** Reads what `ownControls` wrote; any other value is nobody's in particular. */
export function readOwnedValue(text: string): OwnedValue {
  const at = text.indexOf(" /");
  if (!text.startsWith(MARK) || at < 0) return { value: text };
  try {
    return { owner: decodeURIComponent(text.slice(MARK.length, at)), value: text.slice(at + 1) };
  } catch {
    return { value: text };
  }
}
