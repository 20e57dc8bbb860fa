/** Writes a turn as the document that agents outside are given. */
import type { AgentAttachment, AgentRequest, TranscriptEntry } from "@switchboard/core/ports";
import { SwitchboardError } from "@switchboard/domain";
import type { AgentTurn, TurnAttachment } from "@switchboard/protocol";

export interface DocumentLimits {
  /** Most entries of history. */
  readonly historyEntries: number;
  /** Bytes of files that travel along, all of a turn together; larger ones are only named. */
  readonly attachmentBytes: number;
}

/** Rejects only when `signal` aborts: a file that cannot be fetched is named as such. */
export async function turnDocument(
  request: AgentRequest,
  limits: DocumentLimits,
  reply: AgentTurn["reply"],
  signal: AbortSignal,
): Promise<AgentTurn> {
  const { agent, place, session, sessionId, state, tenant, turn } = request;
  const history = await request.history(limits.historyEntries);
  const room = { bytes: limits.attachmentBytes };
  const messages: AgentTurn["messages"] = [];
  for (const { at, attachments, sender, text } of request.inputs) {
    const files: TurnAttachment[] = [];
    for (const attachment of attachments) files.push(await fileOf(attachment, room, signal));
    messages.push({ text, at, attachments: files, ...(sender !== undefined && { sender }) });
  }
  return {
    tenant,
    agent: agent.id,
    turn,
    session: { key: session, id: sessionId },
    ...(place && { conversation: place.conversation }),
    ...(place?.capabilities && { capabilities: place.capabilities }),
    messages,
    history: history.flatMap(past),
    parameters: { ...request.parameters },
    ...(agent.instructions !== undefined && { instructions: agent.instructions }),
    ...(state !== undefined && { state }),
    ...(reply && { reply }),
  };
}

function past({ at, attachments, role, sender, text }: TranscriptEntry): AgentTurn["history"] {
  if (role === "notice") return [];
  const files = attachments?.map(({ kind, fileName, mimeType, size }) => ({
    kind,
    ...(mimeType !== undefined && { mimeType }),
    ...(fileName !== undefined && { fileName }),
    ...(size !== undefined && { size }),
  }));
  return [{ role, text, at, ...(sender !== undefined && { sender }), ...(files?.length && { attachments: files }) }];
}

async function fileOf(
  attachment: AgentAttachment,
  room: { bytes: number },
  signal: AbortSignal,
): Promise<TurnAttachment> {
  const { kind, fileName, mimeType, size } = attachment;
  const named: TurnAttachment = {
    kind,
    ...(mimeType !== undefined && { mimeType }),
    ...(fileName !== undefined && { fileName }),
    ...(size !== undefined && { size }),
  };
  if (size !== undefined && size > room.bytes) return { ...named, missing: "too-large" };
  try {
    const file = await attachment.read(signal);
    const content = await bytesOf(file.stream, room.bytes, signal);
    if (!content) return { ...named, missing: "too-large" };
    room.bytes -= content.length;
    return {
      ...named,
      ...(file.mimeType !== undefined && { mimeType: file.mimeType }),
      size: content.length,
      data: content.toString("base64"),
    };
  } catch (thrown) {
    signal.throwIfAborted();
    const tooLarge = thrown instanceof SwitchboardError && thrown.code === "MSG_003";
    return { ...named, missing: tooLarge ? "too-large" : "not-fetched" };
  }
}

/** `undefined`: there are more than `most`. */
async function bytesOf(
  stream: ReadableStream<Uint8Array>,
  most: number,
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = stream.getReader();
  try {
    for (;;) {
      signal.throwIfAborted();
      const { done, value } = await reader.read();
      if (done) return Buffer.concat(chunks);
      size += value.byteLength;
      if (size > most) return undefined;
      chunks.push(value);
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
