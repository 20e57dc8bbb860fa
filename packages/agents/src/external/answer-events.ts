/** Reads what an agent outside answered. None of it is trusted. */
import type { AgentEvent } from "@switchboard/core/ports";
import {
  type AttachmentKind,
  type Control,
  matches,
  problemsOf,
  SwitchboardError,
  type TenantId,
} from "@switchboard/domain";
import { AgentAnswer, type AnswerAttachment } from "@switchboard/protocol";

/** Keeps bytes in the media store and returns their blob. @throws MSG_003 when there are too many. */
export type StoreBlob = (tenant: TenantId, content: Uint8Array, mimeType: string) => Promise<string>;

const MOST_IN_A_ROW = 3;
const SHORT_LABEL = 14;

/** @throws AGENT_004, not to be tried again, naming what is wrong with it. */
export function readAnswer(value: unknown): AgentAnswer {
  if (matches(AgentAnswer, value)) return value;
  throw unreadable(problemsOf(AgentAnswer, value).join("; "));
}

/** The answer as events, `finish` last. `streamed`: its text came already, piece by piece. */
export async function* answerEvents(
  answer: AgentAnswer,
  { storeBlob, streamed, tenant }: { tenant: TenantId; storeBlob: StoreBlob; streamed: boolean },
): AsyncGenerator<AgentEvent> {
  const { attachments = [], buttons = [], silent, state, text, thinking, usage } = answer;
  if (!streamed && thinking) yield { type: "thinking", delta: thinking };
  if (!streamed && text) yield { type: "text", delta: text };
  if (buttons.length > 0) yield { type: "controls", controls: rowsOf(buttons) };
  for (const attachment of attachments) yield await attachmentEvent(attachment, tenant, storeBlob);
  yield {
    type: "finish",
    reason: "stop",
    ...(silent && { silent }),
    ...(usage && { usage }),
    ...(state !== undefined && { state }),
  };
}

function rowsOf(buttons: NonNullable<AgentAnswer["buttons"]>): Control[][] {
  const controls = buttons.map(({ label, style, url, value }): Control => {
    if (url !== undefined) return { kind: "link", label, url };
    return { kind: "button", label, value: value ?? label, ...(style && { style }) };
  });
  const perRow = controls.every(({ label }) => label.length <= SHORT_LABEL) ? MOST_IN_A_ROW : 1;
  const rows: Control[][] = [];
  for (let at = 0; at < controls.length; at += perRow) rows.push(controls.slice(at, at + perRow));
  return rows;
}

async function attachmentEvent(file: AnswerAttachment, tenant: TenantId, storeBlob: StoreBlob): Promise<AgentEvent> {
  const { caption, data, fileName, mimeType, url } = file;
  const facts = {
    kind: file.kind ?? kindOf(mimeType),
    ...(mimeType !== undefined && { mimeType }),
    ...(fileName !== undefined && { fileName: fileName.split(/[/\\]/).at(-1) || "file" }),
    ...(caption !== undefined && { caption }),
  };
  if (data !== undefined) {
    const content = Buffer.from(data, "base64");
    if (content.length === 0) throw unreadable("an attachment's data is no base64");
    const blob = await storeBlob(tenant, content, mimeType ?? "application/octet-stream");
    return { type: "attachment", attachment: { ...facts, source: { blob }, size: content.length } };
  }
  if (url === undefined || !URL.canParse(url)) throw unreadable("an attachment has neither data nor an address");
  return { type: "attachment", attachment: { ...facts, source: { url } } };
}

function kindOf(mimeType = ""): AttachmentKind {
  const [family] = mimeType.split("/");
  return family === "image" || family === "video" || family === "audio" ? family : "document";
}

/** The next try would most likely end the same way. */
export function unreadable(problem: string): SwitchboardError {
  return new SwitchboardError("AGENT_004", `The agent's answer cannot be read: ${problem}.`, { retryable: false });
}
