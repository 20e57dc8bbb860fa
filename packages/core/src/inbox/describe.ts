/** What an agent and a list are told of a message's content. */
import type { InboundContent, InboundEvent } from "@switchboard/domain";
import { readOwnedValue } from "../commands/owned-controls.ts";

/** Markdown for the agent: text as it was formatted, and in brackets what is no text. */
export function describeContent(content: InboundContent): string {
  const lines: string[] = [];
  const { location, contact } = content;
  if (location) {
    const place = [location.title, location.address].filter(Boolean).join(", ");
    lines.push(`[location ${location.latitude}, ${location.longitude}${place ? `: ${place}` : ""}]`);
  }
  if (contact) {
    lines.push(`[contact ${[contact.name, contact.phone, contact.email].filter(Boolean).join(", ")}]`);
  }
  const text = content.markdown ?? content.text;
  if (text) lines.push(text);
  return lines.join("\n");
}

/** A few words for lists and logs. */
export function previewOf(event: InboundEvent): string {
  switch (event.kind) {
    case "message":
    case "edit":
      return shorten(describeContent(event.content) || `[${event.content.type}]`);
    case "control":
      return shorten(`[pressed] ${readOwnedValue(event.value).value}`);
    case "command":
      return shorten(`/${event.name} ${event.text}`);
    case "reaction":
      return shorten(`[reaction] ${[...event.added, ...event.removed.map((each) => `-${each}`)].join(" ")}`);
    case "membership":
      return `[${event.subject === "self" ? "account" : "member"} ${event.change}]`;
    case "receipt":
      return `[${event.status}]`;
    case "delete":
      return "[deleted]";
    case "unsupported":
      return `[${event.what}]`;
  }
}

/** At most 120 UTF-16 units, whole characters. */
export function shorten(text: string, most = 120): string {
  const line = text.replaceAll("\n", " ");
  return line.length <= most
    ? line
    : `${line
        .slice(0, most - 1)
        .toWellFormed()
        .replace(/\ufffd$/, "")}…`;
}
