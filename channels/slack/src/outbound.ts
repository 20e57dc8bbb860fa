/** Content as Slack messages, each within the platform's limits. Pure. */
import type { ContextBlock, KnownBlock, SectionBlock } from "@slack/types";
import {
  type OutboundAttachment,
  type OutboundContent,
  type OutboundPart,
  parseMarkdown,
  plainText,
  SwitchboardError,
  type Target,
} from "@switchboard/domain";
import { actionBlocks, shortened } from "./controls.ts";
import { clean } from "./inline.ts";
import { BLOCKS, FALLBACK, FILE_BYTES, MESSAGE, TEXT } from "./limits.ts";
import { escaped } from "./mrkdwn.ts";
import { type FileItem, type FilesPayload, fromPart, type MessagePayload, type Payload, toPart } from "./payload.ts";
import { withoutLongCode } from "./snippets.ts";
import { splitDocument } from "./split.ts";

/** Files shown as one message. */
const FILES = 10;
/** Longest reasoning in small print; an escaped character may take five. */
const SMALL_PRINT = Math.floor(TEXT / 5);
/** Sections of reasoning in one message. */
const SECTIONS = Math.floor(MESSAGE / TEXT);
/** A message that only has to be there, for what hangs on it. */
const HOOK = "⌄";
const NOTE = "↻ Perhaps a repeat:";

/**
 * Files first, then the model's reasoning in small print, then the text, in which long code is a file; controls are on
 * the last part.
 * @throws MSG_003 or MSG_008 when Slack cannot show it.
 */
export function render(content: OutboundContent, target: Pick<Target, "kind" | "private">): OutboundPart[] {
  const actions = actionBlocks(content.controls);
  const payloads: Payload[] = [...files(content.attachments ?? []), ...reasoning(content.thinking)];
  // A file is seen by everybody in the channel.
  const pieces = target.private && target.kind !== "direct" ? [content.body] : withoutLongCode(content.body);
  for (const piece of pieces) {
    if (piece.type === "snippet") payloads.push(piece);
    else payloads.push(...splitDocument(piece).map(({ blocks, text }) => message(blocks, text)));
  }
  if (payloads.length === 0) {
    throw new SwitchboardError(
      "MSG_008",
      "There is nothing to show: no text, no attachment. Slack sends no empty message.",
    );
  }
  // What was streamed is edited into a message: there must be one.
  const isOnlyFiles = payloads.every(({ type }) => type !== "message");
  if (isOnlyFiles && payloads.some(({ type }) => type === "snippet")) {
    payloads.unshift(message([{ type: "section", text: { type: "plain_text", text: HOOK } }], HOOK));
  }
  return withActions(joined(payloads), actions).map(toPart);
}

function message(blocks: readonly KnownBlock[], text: string): MessagePayload {
  return { type: "message", blocks, text: shortened(text.trim() || "…", FALLBACK) };
}

/** @throws MSG_003 when a file is larger than Slack takes. */
function files(attachments: readonly OutboundAttachment[]): FilesPayload[] {
  const payloads: FilesPayload[] = [];
  for (let at = 0; at < attachments.length; at += FILES) {
    const group = attachments.slice(at, at + FILES);
    const [first, ...others] = group.map(toItem);
    if (!first) continue;
    const comment = clean(
      group
        .map(({ caption }) => caption?.trim())
        .filter((caption) => caption !== undefined && caption !== "")
        .join("\n"),
    );
    payloads.push({ type: "files", items: [first, ...others], ...(comment !== "" && { comment }) });
  }
  return payloads;
}

function toItem({ fileName, kind, mimeType, size = 0, source }: OutboundAttachment): FileItem {
  if (size > FILE_BYTES) {
    throw new SwitchboardError("MSG_003", `The file has ${size} bytes; Slack takes ${FILE_BYTES}.`);
  }
  return { kind, source, ...(fileName !== undefined && { fileName }), ...(mimeType !== undefined && { mimeType }) };
}

/**
 * A little in the small print that Slack has for what is beside the point; more as sections, which Slack may fold with a
 * "see more" unless they are told to expand.
 */
function reasoning(thinking = ""): MessagePayload[] {
  const text = clean(plainText(parseMarkdown(thinking))).trim();
  if (text === "") return [];
  const shown = `💭 ${text}`;
  if (shown.length <= SMALL_PRINT) {
    const element = { type: "mrkdwn" as const, text: escaped(shown), verbatim: true };
    return [message([{ type: "context", elements: [element] }], shown)];
  }
  const payloads: MessagePayload[] = [];
  const pieces = inPieces(shown, TEXT);
  for (let at = 0; at < pieces.length; at += SECTIONS) {
    const few = pieces.slice(at, at + SECTIONS);
    const blocks = few.map(
      (piece): SectionBlock => ({
        type: "section",
        text: { type: "plain_text", text: piece, emoji: false },
        expand: false,
      }),
    );
    payloads.push(message(blocks, few.join(" ")));
  }
  return payloads;
}

function inPieces(text: string, most: number): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > most) {
    const space = rest.lastIndexOf(" ", most);
    const cut = space > most / 2 ? space : /[\udc00-\udfff]/.test(rest[most] ?? "") ? most - 1 : most;
    pieces.push(rest.slice(0, cut));
    rest = rest.slice(cut).trimStart();
  }
  return [...pieces, rest];
}

/** Short reasoning stands in the same message as the beginning of the answer. */
function joined(payloads: readonly Payload[]): Payload[] {
  const index = payloads.findIndex((each) => each.type === "message" && each.blocks[0]?.type === "context");
  const small = payloads[index];
  const next = payloads[index + 1];
  if (small?.type !== "message" || next?.type !== "message") return [...payloads];
  if (next.blocks.length + small.blocks.length >= BLOCKS) return [...payloads];
  const both = { ...next, blocks: [...small.blocks, ...next.blocks] };
  return payloads.toSpliced(index, 2, both);
}

function withActions(payloads: readonly Payload[], actions: readonly KnownBlock[]): Payload[] {
  if (actions.length === 0) return [...payloads];
  const last = payloads.at(-1);
  if (last?.type === "message" && last.blocks.length + actions.length < BLOCKS) {
    return payloads.with(-1, { ...last, blocks: [...last.blocks, ...actions] });
  }
  return [...payloads, message(actions, HOOK)];
}

/** The part with a note that the reader may have seen it. Every message has room for one; there is never a second. */
export function markDuplicate(part: OutboundPart): OutboundPart {
  const payload = fromPart(part);
  if (payload.type !== "message") {
    if (payload.comment?.startsWith(NOTE)) return part;
    return toPart({ ...payload, comment: payload.comment === undefined ? NOTE : `${NOTE}\n${payload.comment}` });
  }
  if (payload.text.startsWith(NOTE)) return part;
  const note: ContextBlock = { type: "context", elements: [{ type: "plain_text", text: NOTE, emoji: false }] };
  return toPart({ ...payload, text: `${NOTE}\n${payload.text}`, blocks: [note, ...payload.blocks] });
}
