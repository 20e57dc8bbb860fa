/** Content as Discord messages, each within the platform's limits. Pure. */
import {
  type OutboundContent,
  type OutboundPart,
  parseMarkdown,
  SwitchboardError,
  textRoot,
} from "@switchboard/domain";
import type { BlockContent, Root, RootContent } from "mdast";
import { toComponents } from "./components.ts";
import { fromPart, type Payload, toPart } from "./payload.ts";
import { DUPLICATE_NOTE, splitFormatted } from "./split.ts";

/** Files of one message: https://discord.com/developers/docs/resources/message#create-message */
const FILES = 10;
/** Without anything bought for the server. */
export const UPLOAD_BYTES = 10 * 1024 * 1024;

/** The texts in order, files and controls at the last of them. @throws MSG_003 or MSG_008 when Discord cannot show it. */
export function render(content: OutboundContent): OutboundPart[] {
  const components = toComponents(content.controls);
  const files = content.attachments ?? [];
  for (const { size = 0 } of files) {
    if (size > UPLOAD_BYTES) {
      throw new SwitchboardError("MSG_003", `The file has ${size} bytes; a bot may send ${UPLOAD_BYTES}.`);
    }
  }
  const texts = splitFormatted(bodyOf(content));
  const batches = Array.from({ length: Math.ceil(files.length / FILES) }, (_, index) =>
    files.slice(index * FILES, (index + 1) * FILES),
  );
  const [batch, ...others] = batches;
  const payloads: Payload[] = texts.map((text) => ({ type: "message", content: text }));
  if (batch) payloads.push({ ...(payloads.pop() ?? { type: "message", content: "" }), files: batch });
  payloads.push(...others.map((more): Payload => ({ type: "message", content: "", files: more })));
  const last = payloads.pop();
  if (!last) {
    throw new SwitchboardError(
      "MSG_008",
      "There is nothing to show: no text, no file. Discord sends no empty message.",
    );
  }
  payloads.push(components.length > 0 ? { ...last, components } : last);
  return payloads.map((payload, index) => toPart(index === 0 ? payload : { ...payload, follows: true }));
}

/** The text with the model's reasoning before it as a quote, and what is said of the files behind it. */
function bodyOf({ attachments = [], body, thinking }: OutboundContent): Root {
  const captions = attachments.flatMap(({ caption }) => (caption?.trim() ? textRoot(caption.trim()).children : []));
  return {
    type: "root",
    children: [...(thinking?.trim() ? [reasoning(thinking)] : []), ...body.children, ...captions],
  };
}

function reasoning(thinking: string): RootContent {
  const children = parseMarkdown(thinking).children as BlockContent[];
  return {
    type: "blockquote",
    children: [{ type: "paragraph", children: [{ type: "text", value: "💭" }] }, ...children],
  };
}

/** The part with a note that the reader may have seen it. Every text has room for one; there is never a second. */
export function markDuplicate(part: OutboundPart): OutboundPart {
  const payload = fromPart(part);
  const note = DUPLICATE_NOTE.trim();
  if (payload.content.startsWith(note)) return part;
  return toPart({ ...payload, content: payload.content === "" ? note : DUPLICATE_NOTE + payload.content });
}
