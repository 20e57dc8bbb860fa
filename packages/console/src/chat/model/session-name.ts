/** What a session is called in the list. */
import type { Result } from "@switchboard/protocol";

export type SessionRow = Result<"sessions.list">["sessions"][number];

/** The channel whose sessions begin on this page. */
export const WEBCHAT = "webchat";

export function channelOf({ key, channel }: Pick<SessionRow, "key" | "channel">): string {
  return channel ?? key.split(":")[2] ?? "";
}

export function sessionName(row: SessionRow, mainKey: string | undefined, locale?: string): string {
  if (row.key === mainKey) return "Main conversation";
  // On this page the other side is always the operator: that name would tell nothing.
  if (channelOf(row) !== WEBCHAT) return row.displayName || row.key.split(":").slice(5).join(":") || row.key;
  if (row.createdAt === undefined) return "New conversation";
  const when = new Date(row.createdAt);
  const day = when.toLocaleDateString(locale, { day: "numeric", month: "long" });
  return `${day}, ${when.toLocaleTimeString(locale, { timeStyle: "short" })}`;
}

/** A session of this page that nobody has written in: it comes to be with its first message. */
export function newSessionKey(mainKey: string, id: string): string {
  return `${mainKey.slice(0, mainKey.lastIndexOf(":") + 1)}${id}`;
}

/** Whether text from the address bar can be a session's key. */
export function isSessionKey(text: string | null | undefined): text is string {
  return typeof text === "string" && /^agent:[^:]+:.+/.test(text) && text.length <= 512;
}
