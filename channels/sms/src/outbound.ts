/** Content as text messages, each within Twilio's limit. Pure. */
import {
  type OutboundContent,
  type OutboundPart,
  parseMarkdown,
  SwitchboardError,
  spellOut,
  splitRoot,
} from "@switchboard/domain";
import type { PhrasingContent, Root, RootContent } from "mdast";
import { toMessages } from "./attachments.ts";
import { fromPart, type Payload, toPart } from "./payload.ts";
import { plainOf } from "./plain.ts";

/** `Body` of Twilio's message resource, in characters. */
export const MESSAGE_LENGTH = 1_600;

/** Goes before a text that the reader may have seen already; every text leaves room for it. In GSM-7. */
const DUPLICATE_NOTE = "(May be a repeat)\n";
const ROOM = MESSAGE_LENGTH - DUPLICATE_NOTE.length;

/** At least one reader can see something: not only white space and invisible characters. */
const visible = /[^\s\p{Default_Ignorable_Code_Point}]/u;

/** Files first, with the first text; the other texts follow. @throws MSG_003 or MSG_008 when it cannot be shown. */
export function render(content: OutboundContent): OutboundPart[] {
  const attachments = content.attachments ?? [];
  const files = toMessages(attachments);
  const texts = textsOf(bodyOf(spellOut(content)));
  const [first, ...others] = files;
  const payloads: Payload[] = [
    ...(first ? [{ body: texts.shift() ?? "", media: first }] : []),
    ...others.map((media) => ({ body: "", media })),
    ...texts.map((body) => ({ body })),
  ];
  if (payloads.length === 0) {
    throw new SwitchboardError("MSG_008", "There is nothing to show: no text, no file. Nobody sends an empty SMS.");
  }
  return payloads.map(toPart);
}

/** The part with a note that the reader may have seen it, once. */
export function markDuplicate(part: OutboundPart): OutboundPart {
  const payload = fromPart(part);
  const note = DUPLICATE_NOTE.trim();
  if (payload.body.startsWith(note)) return part;
  return toPart({ ...payload, body: payload.body === "" ? note : DUPLICATE_NOTE + payload.body });
}

/** The model's reasoning before the answer, captions behind it. */
function bodyOf({ attachments = [], body, thinking }: OutboundContent): Root {
  const captions = attachments.flatMap(({ caption }) => (caption?.trim() ? [paragraph(caption.trim())] : []));
  const reasoning = thinking?.trim() ? reasoningOf(thinking.trim()) : [];
  return { type: "root", children: [...reasoning, ...body.children, ...captions] };
}

function reasoningOf(thinking: string): RootContent[] {
  const [first, ...others] = parseMarkdown(thinking).children;
  const mark: PhrasingContent = { type: "text", value: "(Thinking) " };
  const head: RootContent[] =
    first?.type === "paragraph"
      ? [{ ...first, children: [mark, ...first.children] }]
      : [{ type: "paragraph", children: [mark] }, ...(first ? [first] : [])];
  return [...head, ...others, { type: "thematicBreak" }];
}

function paragraph(value: string): RootContent {
  return { type: "paragraph", children: [{ type: "text", value }] };
}

/** @throws MSG_003 for something that cannot be split, MSG_008 for a document nested too deeply. */
function textsOf(root: Root): string[] {
  try {
    return splitRoot(root, { max: ROOM, measure: (each) => plainOf(each, ROOM).length })
      .map((each) => plainOf(each).toWellFormed())
      .filter((text) => visible.test(text))
      .map(checked);
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    throw new SwitchboardError("MSG_008", "The text is nested too deeply for a text message.");
  }
}

function checked(text: string): string {
  if (text.length <= ROOM) return text;
  throw new SwitchboardError("MSG_003", "A single character of the text is longer than a whole message.");
}
