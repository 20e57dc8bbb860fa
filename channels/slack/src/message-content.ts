/** What a Slack message says, whatever it is made of. */
import {
  type AttachmentKind,
  type InboundAttachment,
  type InboundContent,
  type Json,
  type SelfIdentity,
  sanitiseName,
  sanitiseText,
} from "@switchboard/domain";
import { type Body, bodyOf, listOf, textOf, wordOf } from "./body.ts";
import { plainMrkdwn } from "./mrkdwn.ts";
import { richMarkdown } from "./rich-text-in.ts";

/** The content, or `undefined` for a message that says nothing. */
export function contentOf(message: Body, self: SelfIdentity | undefined): InboundContent | undefined {
  const names = self?.username === undefined ? {} : { [self.id]: self.username };
  const files = listOf(message.files);
  const attachments = files.flatMap(toAttachment);
  const gone = files.filter((file) => !isThere(file)).map((file) => `[file: ${nameOf(file) ?? "gone"}]`);
  const raw = [wordOf(message.text) ?? fromBlocks(message.blocks), fromAttachments(message), ...gone]
    .filter((part) => part !== undefined && part !== "")
    .join("\n");
  const text = sanitiseText(withoutOwnMention(plainMrkdwn(raw, names), self));
  const formatted = richMarkdown(message.blocks, names);
  const markdown = formatted === undefined ? undefined : sanitiseText(withoutOwnMention(formatted, self));
  const [first] = attachments;
  if (text === "" && !first) return undefined;
  return {
    type: first?.kind ?? "text",
    ...(text !== "" && { text }),
    ...(markdown !== undefined && { markdown }),
    ...(attachments.length > 0 && { attachments }),
  };
}

/** `@bot /status` is a command as much as `/status` is. */
function withoutOwnMention(text: string, self: SelfIdentity | undefined): string {
  if (!self) return text;
  for (const name of [self.username, self.id]) {
    if (name !== undefined && text.startsWith(`@${name} `)) return text.slice(name.length + 2).trimStart();
  }
  return text;
}

/** Bots that give no text for notifications. */
function fromBlocks(blocks: unknown): string {
  const lines: string[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const each of value) visit(each);
      return;
    }
    const node = bodyOf(value);
    if (typeof node.text === "string") lines.push(node.text);
    else visit(node.text);
    for (const inner of [node.elements, node.fields, node.accessory, node.title]) {
      if (typeof inner === "object") visit(inner);
    }
  };
  if (Array.isArray(blocks) && blocks.length <= 100) visit(blocks);
  return lines.join("\n");
}

/** Messages that were passed on, unfurled links of bots, and what older apps send. */
function fromAttachments(message: Body): string | undefined {
  if (wordOf(message.text) !== undefined && message.subtype !== "bot_message") return undefined;
  const lines = listOf(message.attachments).flatMap((each) => {
    const title = textOf(each.title);
    const text = textOf(each.text) ?? textOf(each.fallback);
    return [title, text].filter((line) => line !== undefined && line !== "");
  });
  return lines.length > 0 ? lines.join("\n") : undefined;
}

/** Removed, or beyond what a free workspace shows. */
function isThere(file: Body): boolean {
  return wordOf(file.id) !== undefined && file.mode !== "tombstone" && file.mode !== "hidden_by_limit";
}

function toAttachment(file: Body): InboundAttachment[] {
  if (!isThere(file)) return [];
  const mimeType = wordOf(file.mimetype);
  const size = wholeOf(file.size);
  const url = wordOf(file.url_private_download) ?? wordOf(file.url_private);
  const ref: Json = {
    fileId: String(file.id),
    // Files of other organisations come without an address; the download asks for it.
    ...(url !== undefined && file.file_access !== "check_file_info" && { url }),
    ...(size !== undefined && { size }),
  };
  const name = nameOf(file);
  const width = wholeOf(file.original_w);
  const height = wholeOf(file.original_h);
  const duration = wholeOf(file.duration_ms);
  return [
    {
      kind: kindOf(file, mimeType),
      ref,
      ...(mimeType !== undefined && { mimeType: sanitiseName(mimeType) }),
      ...(name !== undefined && { fileName: name }),
      ...(size !== undefined && { size }),
      ...(duration !== undefined && { durationMs: duration }),
      ...(width !== undefined && { width }),
      ...(height !== undefined && { height }),
    },
  ];
}

function nameOf(file: Body): string | undefined {
  const name = wordOf(file.name) ?? wordOf(file.title);
  return name === undefined ? undefined : sanitiseName(name);
}

function wholeOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** Clips that are recorded in Slack are told by their subtype. */
function kindOf({ subtype }: Body, mimeType = ""): AttachmentKind {
  if (subtype === "slack_audio") return "voice";
  if (subtype === "slack_video") return "video";
  const [family] = mimeType.split("/");
  return family === "image" || family === "video" || family === "audio" ? family : "document";
}
