/** What somebody said, in the forms that it is kept and asked in. */
import type { NewTranscriptEntry, TranscriptAttachment, TurnInput } from "../ports/index.ts";

/** What they quoted stands in front. */
export function spokenText({ quoted, text }: Pick<TurnInput, "quoted" | "text">): string {
  if (!quoted) return text;
  const quote = quoted.split("\n").map((line) => `> ${line}`);
  return `${quote.join("\n")}\n\n${text}`;
}

/** An input as the transcript keeps it. */
export function entryOfInput(input: TurnInput): NewTranscriptEntry {
  const sender = input.sender?.displayName ?? input.sender?.username ?? input.sender?.id;
  return {
    role: "user",
    text: spokenText(input),
    at: input.at,
    ...(sender !== undefined && { sender }),
    ...(input.messageId !== undefined && { messageId: input.messageId }),
    ...(input.attachments?.length && { attachments: input.attachments.map(transcribed) }),
  };
}

function transcribed(attachment: NonNullable<TurnInput["attachments"]>[number]): TranscriptAttachment {
  const { fileName, kind, mimeType, ref, size } = attachment;
  return {
    kind,
    ref,
    ...(mimeType !== undefined && { mimeType }),
    ...(fileName !== undefined && { fileName }),
    ...(size !== undefined && { size }),
  };
}
