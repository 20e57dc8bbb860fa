/** Turns a chat completion that came as one document into the stream that was asked for. */
import { type Json, parseJsonObject } from "@switchboard/domain";

/** The document as server-sent events; `undefined` when it is neither a completion nor an error. */
export function streamOfDocument(text: string): string | undefined {
  const document = parseJsonObject(text);
  if (document === undefined) return undefined;
  if (typeof document.error === "object" && document.error !== null) return events({ error: document.error });
  const { choices, ...rest } = document;
  const [choice] = Array.isArray(choices) ? (choices as Record<string, unknown>[]) : [];
  const message = choice?.message;
  if (typeof message !== "object" || message === null) return undefined;
  const { tool_calls: calls, ...said } = message as Record<string, unknown>;
  const tools = Array.isArray(calls)
    ? { tool_calls: calls.map((call, index) => ({ index, ...(call as object) })) }
    : {};
  const delta = { ...said, ...tools };
  return events({
    ...rest,
    choices: [{ index: 0, delta, finish_reason: (choice?.finish_reason as Json) ?? null }],
  });
}

function events(data: object): string {
  return `data: ${JSON.stringify(data)}\n\ndata: [DONE]\n\n`;
}
