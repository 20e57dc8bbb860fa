/** Anthropic's messages. */
import type { ModelMessage } from "./behaviour.ts";
import {
  type Dialect,
  isRecord,
  RequestProblem,
  recordsOf,
  stringOf,
  textOfLastUser,
  type WholeAnswer,
} from "./dialect.ts";
import { piecesOf } from "./pieces.ts";

const STOP: Readonly<Record<string, string>> = {
  stop: "end_turn",
  length: "max_tokens",
  filtered: "refusal",
  tools: "tool_use",
};

export const anthropicDialect: Dialect = {
  read(body) {
    const model = stringOf(body.model, "model");
    if (typeof body.max_tokens !== "number" || body.max_tokens < 1) {
      throw new RequestProblem("max_tokens: should be a positive number");
    }
    const given = recordsOf(body.messages, "messages");
    if (given.length === 0) throw new RequestProblem("messages: at least one message is required");
    if (given[0]?.role !== "user") throw new RequestProblem("messages: the first must have the role user");
    const system = systemText(body.system);
    const messages = [
      ...(system === "" ? [] : [{ role: "system" as const, text: system, images: [], toolCalls: [] }]),
      ...given.flatMap(readMessage),
    ];
    checkToolResults(given);
    const toolChoice = choiceOf(body.tool_choice);
    return {
      model,
      streamed: body.stream === true,
      messages,
      lastUserText: textOfLastUser(messages),
      tools: body.tools === undefined ? [] : recordsOf(body.tools, "tools").map(toolName),
      ...(toolChoice !== undefined && { toolChoice }),
    };
  },

  frames(answer) {
    const pieces: string[] = [];
    let index = 0;
    const block = (start: unknown, deltas: readonly unknown[]) => {
      const opening = event("content_block_start", { index, content_block: start });
      const closing = event("content_block_stop", { index });
      const frames = deltas.map((delta) => event("content_block_delta", { index, delta }));
      const last = frames.pop();
      // The borders of a block travel with its first and last piece, so that a piece is always something one can see.
      const whole = last === undefined ? [opening + closing] : [...frames, last + closing];
      pieces.push(...whole.map((frame, at) => (at === 0 && last !== undefined ? opening + frame : frame)));
      index++;
    };
    if (answer.thinking !== "") {
      block({ type: "thinking", thinking: "", signature: "" }, [
        ...piecesOf(answer.thinking, answer.pieceLength).map((thinking) => ({ type: "thinking_delta", thinking })),
        { type: "signature_delta", signature: "c2lnbmF0dXJl" },
      ]);
    }
    if (answer.text !== "") {
      block(
        { type: "text", text: "" },
        piecesOf(answer.text, answer.pieceLength).map((text) => ({ type: "text_delta", text })),
      );
    }
    for (const { id, name, input } of answer.toolCalls) {
      block(
        { type: "tool_use", id, name, input: {} },
        piecesOf(input, answer.pieceLength).map((partial_json) => ({ type: "input_json_delta", partial_json })),
      );
    }
    return {
      opening:
        event("message_start", {
          message: {
            ...envelope(answer),
            content: [],
            stop_reason: null,
            stop_sequence: null,
            usage: usageOf(answer, 1),
          },
        }) + event("ping", {}),
      pieces,
      closing:
        event("message_delta", {
          delta: { stop_reason: STOP[answer.finish] ?? answer.finish, stop_sequence: null },
          usage: usageOf(answer),
        }) + event("message_stop", {}),
    };
  },

  document(answer) {
    return {
      ...envelope(answer),
      content: [
        ...(answer.thinking === "" ? [] : [{ type: "thinking", thinking: answer.thinking, signature: "c2lnbmF0dXJl" }]),
        ...(answer.text === "" ? [] : [{ type: "text", text: answer.text }]),
        ...answer.toolCalls.map(({ id, name, input }) => ({ type: "tool_use", id, name, input: parsed(input) })),
      ],
      stop_reason: STOP[answer.finish] ?? answer.finish,
      stop_sequence: null,
      usage: usageOf(answer),
    };
  },

  failure: (status, message, code) => ({ type: "error", error: { type: code ?? errorType(status), message } }),
  failureFrame: (type, message) => event("error", { error: { type, message } }),
  keepAlive: event("ping", {}),
  truncatedFrame: 'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"del',
  garbageFrame: "event: content_block_delta\ndata: <<< this is no JSON >>>\n\n",
};

function event(type: string, data: Record<string, unknown>): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}

function envelope(answer: WholeAnswer) {
  return { id: answer.id, type: "message", role: "assistant", model: answer.model };
}

function usageOf({ usage }: WholeAnswer, output?: number) {
  return { input_tokens: usage?.input ?? 0, output_tokens: output ?? usage?.output ?? 0 };
}

function errorType(status: number): string {
  const types: Readonly<Record<number, string>> = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    529: "overloaded_error",
  };
  return types[status] ?? (status < 500 ? "invalid_request_error" : "api_error");
}

function systemText(system: unknown): string {
  if (system === undefined) return "";
  if (typeof system === "string") return system;
  return recordsOf(system, "system")
    .map((part) => stringOf(part.text, "system.text"))
    .join("\n");
}

/** One message may hold tool results besides text: each becomes a message of its own. */
function readMessage(message: Record<string, unknown>, index: number): ModelMessage[] {
  const what = `messages.${index}`;
  const role = message.role;
  if (role !== "user" && role !== "assistant") throw new RequestProblem(`${what}.role: should be user or assistant`);
  const parts =
    typeof message.content === "string"
      ? [{ type: "text", text: message.content }]
      : recordsOf(message.content, `${what}.content`);
  if (parts.length === 0) throw new RequestProblem(`${what}: all messages must have non-empty content`);
  const texts: string[] = [];
  const images: string[] = [];
  const toolCalls: ModelMessage["toolCalls"][number][] = [];
  const results: ModelMessage[] = [];
  for (const part of parts) {
    if (part.type === "text") {
      const text = stringOf(part.text, `${what}.content.text`);
      if (text.trim() === "") throw new RequestProblem(`${what}: text content blocks must be non-empty`);
      texts.push(text);
    } else if (part.type === "image" && isRecord(part.source)) {
      images.push(stringOf(part.source.media_type, `${what}.content.source.media_type`));
    } else if (part.type === "tool_use") {
      toolCalls.push({
        id: stringOf(part.id, "tool_use.id"),
        name: stringOf(part.name, "tool_use.name"),
        input: JSON.stringify(part.input),
      });
    } else if (part.type === "tool_result") {
      results.push({
        role: "tool",
        text: typeof part.content === "string" ? part.content : JSON.stringify(part.content ?? ""),
        images: [],
        toolCalls: [],
        toolCallId: stringOf(part.tool_use_id, "tool_result.tool_use_id"),
      });
    } else if (part.type !== "thinking" && part.type !== "redacted_thinking") {
      throw new RequestProblem(`${what}.content: unknown block ${String(part.type)}`);
    }
  }
  const own: ModelMessage = { role, text: texts.join("\n"), images, toolCalls };
  return texts.length + images.length + toolCalls.length > 0 ? [...results, own] : results;
}

/** Every tool use is answered in the very next message. */
function checkToolResults(messages: readonly Record<string, unknown>[]): void {
  messages.forEach((message, index) => {
    for (const id of idsIn(message, "tool_use", "id")) {
      const answers = idsIn(messages[index + 1] ?? {}, "tool_result", "tool_use_id");
      if (!answers.includes(id)) {
        throw new RequestProblem(`messages.${index}: tool_use ids were found without tool_result blocks: ${id}`);
      }
    }
  });
}

function idsIn(message: Record<string, unknown>, type: string, key: string): string[] {
  if (!Array.isArray(message.content)) return [];
  return message.content
    .filter(isRecord)
    .filter((part) => part.type === type)
    .map((part) => String(part[key]));
}

function toolName(tool: Record<string, unknown>): string {
  if (!isRecord(tool.input_schema)) throw new RequestProblem("tools.input_schema: should be a schema");
  return stringOf(tool.name, "tools.name");
}

function choiceOf(choice: unknown): string | undefined {
  if (!isRecord(choice)) return undefined;
  return choice.type === "tool" ? stringOf(choice.name, "tool_choice.name") : stringOf(choice.type, "tool_choice.type");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
