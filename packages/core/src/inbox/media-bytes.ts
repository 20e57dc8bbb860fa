import type { MessageEvent } from "@switchboard/domain";

/** Size of a message's files in bytes, as far as the platform told it. */
export function mediaBytes({ content }: MessageEvent): number {
  return (content.attachments ?? []).reduce((sum, { size = 0 }) => sum + Math.max(0, Math.round(size)), 0);
}
