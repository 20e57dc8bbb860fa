/** OpenAI's chat completions, as compatible servers speak them. */
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

const FINISH: Readonly<Record<string, string>> = {
  stop: "stop",
  length: "length",
  filtered: "content_filter",
  tools: "tool_calls",
};

export const openaiDialect: Dialect = {
  read(body) {
    const model = stringOf(body.model, "model");
    const messages = recordsOf(body.messages, "messages").map(readMessage);
    if (messages.length === 0) throw new RequestProblem("messages: at least one is needed");
    checkToolAnswers(messages);
    const tools = body.tools === undefined ? [] : recordsOf(body.tools, "tools").map(toolName);
    const toolChoice = choiceOf(body.tool_choice);
    return {
      model,
      streamed: body.stream === true,
      messages,
      lastUserText: textOfLastUser(messages),
      tools,
      ...(toolChoice !== undefined && { toolChoice }),
    };
  },

  frames(answer) {
    const delta = (value: Record<string, unknown>) => chunk(answer, [{ index: 0, delta: value, finish_reason: null }]);
    const pieces = [
      ...piecesOf(answer.thinking, answer.pieceLength).map((text) => delta({ reasoning_content: text })),
      ...piecesOf(answer.text, answer.pieceLength).map((text) => delta({ content: text })),
    ];
    answer.toolCalls.forEach(({ id, name, input }, index) => {
      pieces.push(delta({ tool_calls: [{ index, id, type: "function", function: { name, arguments: "" } }] }));
      for (const text of piecesOf(input, answer.pieceLength)) {
        pieces.push(delta({ tool_calls: [{ index, function: { arguments: text } }] }));
      }
    });
    const finish = FINISH[answer.finish] ?? answer.finish;
    return {
      opening: delta({ role: "assistant", content: "" }),
      pieces,
      closing:
        chunk(answer, [{ index: 0, delta: {}, finish_reason: finish }]) +
        (answer.usage ? chunk(answer, [], { usage: usageOf(answer.usage) }) : "") +
        "data: [DONE]\n\n",
    };
  },

  document(answer) {
    return {
      id: answer.id,
      object: "chat.completion",
      created: seconds(),
      model: answer.model,
      choices: [
        {
          index: 0,
          message: {
            role: "assistant",
            content: answer.text === "" ? null : answer.text,
            ...(answer.thinking !== "" && { reasoning_content: answer.thinking }),
            ...(answer.toolCalls.length > 0 && {
              tool_calls: answer.toolCalls.map(({ id, name, input }) => ({
                id,
                type: "function",
                function: { name, arguments: input },
              })),
            }),
          },
          finish_reason: FINISH[answer.finish] ?? answer.finish,
        },
      ],
      ...(answer.usage && { usage: usageOf(answer.usage) }),
    };
  },

  failure: (status, message, code) => ({
    error: { message, type: status === 429 ? "rate_limit_error" : "invalid_request_error", param: null, code },
  }),
  failureFrame: (type, message) => `data: ${JSON.stringify({ error: { message, type, code: type } })}\n\n`,
  keepAlive: ": still at work\n\n",
  truncatedFrame: 'data: {"id":"chatcmpl-x","object":"chat.completion.chunk","choices":[{"index":0,"del',
  garbageFrame: "data: <<< this is no JSON >>>\n\n",
};

function chunk(answer: WholeAnswer, choices: unknown[], more: Record<string, unknown> = {}): string {
  return `data: ${JSON.stringify({
    id: answer.id,
    object: "chat.completion.chunk",
    created: seconds(),
    model: answer.model,
    choices,
    ...more,
  })}\n\n`;
}

function usageOf({ input, output }: { input: number; output: number }) {
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
}

const seconds = () => Math.floor(Date.now() / 1000);

function readMessage(message: Record<string, unknown>, index: number): ModelMessage {
  const what = `messages[${index}]`;
  const role = message.role;
  if (role !== "system" && role !== "developer" && role !== "user" && role !== "assistant" && role !== "tool") {
    throw new RequestProblem(`${what}.role: unknown role`);
  }
  const { text, images } = readContent(message.content, what);
  const toolCalls =
    message.tool_calls === undefined
      ? []
      : recordsOf(message.tool_calls, `${what}.tool_calls`).map((call) => {
          const fn = isRecord(call.function) ? call.function : {};
          return {
            id: stringOf(call.id, `${what}.tool_calls.id`),
            name: stringOf(fn.name, `${what}.tool_calls.function.name`),
            input: stringOf(fn.arguments, `${what}.tool_calls.function.arguments`),
          };
        });
  if (role === "assistant" && message.content == null && toolCalls.length === 0) {
    throw new RequestProblem(`${what}.content: expected a string, got null`);
  }
  return {
    role: role === "developer" ? "system" : role,
    text,
    images,
    toolCalls,
    ...(role === "tool" && { toolCallId: stringOf(message.tool_call_id, `${what}.tool_call_id`) }),
  };
}

function readContent(content: unknown, what: string): { text: string; images: string[] } {
  if (content == null) return { text: "", images: [] };
  if (typeof content === "string") return { text: content, images: [] };
  const texts: string[] = [];
  const images: string[] = [];
  for (const part of recordsOf(content, `${what}.content`)) {
    if (part.type === "text") texts.push(stringOf(part.text, `${what}.content.text`));
    else if (part.type === "image_url" && isRecord(part.image_url)) {
      const url = stringOf(part.image_url.url, `${what}.content.image_url.url`);
      images.push(url.startsWith("data:") ? url.slice(5, url.indexOf(";")) : url);
    } else throw new RequestProblem(`${what}.content: unknown part ${String(part.type)}`);
  }
  return { text: texts.join("\n"), images };
}

/** Each tool message answers a call of the assistant message before it, and each call is answered. */
function checkToolAnswers(messages: readonly ModelMessage[]): void {
  let open = new Set<string>();
  for (const message of messages) {
    if (message.role === "tool") {
      if (!open.delete(message.toolCallId ?? "")) {
        throw new RequestProblem("a tool message must follow a message with its tool_calls");
      }
    } else {
      if (open.size > 0) throw new RequestProblem("a tool call was not answered by a tool message");
      open = new Set(message.toolCalls.map(({ id }) => id));
    }
  }
  if (open.size > 0) throw new RequestProblem("a tool call was not answered by a tool message");
}

function toolName(tool: Record<string, unknown>): string {
  const fn = isRecord(tool.function) ? tool.function : {};
  if (!isRecord(fn.parameters)) throw new RequestProblem("tools.function.parameters: should be a schema");
  return stringOf(fn.name, "tools.function.name");
}

function choiceOf(choice: unknown): string | undefined {
  if (typeof choice === "string") return choice;
  return isRecord(choice) && isRecord(choice.function) ? stringOf(choice.function.name, "tool_choice") : undefined;
}
