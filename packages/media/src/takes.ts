import type { AttachmentRules } from "@switchboard/domain";

/** Whether files of a type are taken as they are. */
export function takes({ types }: AttachmentRules, mimeType: string): boolean {
  return (
    !types || types.some((type) => type === mimeType || (type.endsWith("/*") && mimeType.startsWith(type.slice(0, -1))))
  );
}
