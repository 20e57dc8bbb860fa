/** Reads the library's stream of parts as the agent's events, and insists on a proper end. */
import type { AgentEvent, Usage } from "@switchboard/core/ports";
import { type Json, SwitchboardError } from "@switchboard/domain";
import { MOST_TOKENS } from "@switchboard/protocol";
import type { FinishReason, LanguageModelUsage, TextStreamPart, ToolSet } from "ai";
import type { Watch } from "./watch.ts";

type Part = TextStreamPart<ToolSet>;

export class StreamReader {
  readonly #watch: Watch;
  readonly #mostCharacters: number;
  #used: Usage;
  #characters = 0;
  #said = false;
  #toolsUsed = false;
  /** A break is due before the next text or thought: a tool call stands between it and the one before. */
  readonly #breakBefore = { text: false, thinking: false };
  readonly #begun = { text: false, thinking: false };

  constructor(
    watch: Watch,
    options: { readonly provider: string; readonly model: string; readonly mostCharacters: number },
  ) {
    this.#watch = watch;
    this.#used = { provider: options.provider, model: options.model };
    this.#mostCharacters = options.mostCharacters;
  }

  /** Throws what the stream reports as an error, as it came. */
  async *events(stream: AsyncIterable<Part>): AsyncGenerator<AgentEvent> {
    const parts = stream[Symbol.asyncIterator]();
    for (;;) {
      const step = await this.#watch.orEnd(parts.next());
      if (step.done) throw new SwitchboardError("AGENT_004", "The model's answer ended without saying why.");
      const part = step.value;
      switch (part.type) {
        case "text-delta":
          yield* this.#delta("text", part.text);
          break;
        case "reasoning-delta":
          yield* this.#delta("thinking", part.text);
          break;
        case "tool-call":
          this.#toolsUsed = true;
          yield { type: "tool-call", id: part.toolCallId, name: part.toolName, input: jsonOf(part.input) };
          break;
        case "tool-result":
          yield {
            type: "tool-result",
            id: part.toolCallId,
            name: part.toolName,
            output: jsonOf(part.output),
            failed: false,
          };
          break;
        case "tool-error":
          yield {
            type: "tool-result",
            id: part.toolCallId,
            name: part.toolName,
            output: reasonOf(part.error),
            failed: true,
          };
          break;
        case "finish-step":
          this.#breakBefore.text = this.#begun.text;
          this.#breakBefore.thinking = this.#begun.thinking;
          this.#add(part.usage);
          yield { type: "usage", usage: this.#used };
          break;
        case "error":
          throw part.error;
        case "abort":
          throw this.#watch.signal.reason;
        case "finish":
          yield { type: "finish", reason: this.#reason(part.finishReason), usage: this.#used };
          return;
      }
      if (this.#characters > this.#mostCharacters) {
        yield { type: "finish", reason: "length", usage: this.#used };
        return;
      }
    }
  }

  *#delta(type: "text" | "thinking", text: string): Generator<AgentEvent> {
    if (text === "") return;
    const room = this.#mostCharacters - this.#characters;
    this.#characters += text.length;
    const within = text.length <= room ? text : text.slice(0, room).toWellFormed();
    if (type === "text" && text.trim() !== "") this.#said = true;
    const delta = this.#breakBefore[type] ? `\n\n${within}` : within;
    this.#breakBefore[type] = false;
    this.#begun[type] = true;
    yield { type, delta };
  }

  #reason(reason: FinishReason): "stop" | "length" | "filtered" {
    switch (reason) {
      case "content-filter":
        return "filtered";
      case "length":
        if (this.#said) return "length";
        throw new SwitchboardError("AGENT_004", "The model used up the length of its answer before it said anything.", {
          // The same limit would end the next try at the same place.
          retryable: false,
        });
      case "stop":
      case "other":
        if (this.#said || this.#toolsUsed) return "stop";
        throw new SwitchboardError("AGENT_004", "The model gave an empty answer.");
      case "tool-calls":
        if (this.#said) return "stop";
        throw new SwitchboardError("AGENT_004", "The model kept asking for tools instead of answering.");
      default:
        throw new SwitchboardError("AGENT_004", "The model's answer broke off.");
    }
  }

  /** Adds what one round of the run used. */
  #add({ inputTokens, inputTokenDetails, outputTokens, outputTokenDetails }: LanguageModelUsage): void {
    const used: Usage = {
      ...(isCount(inputTokens) && { inputTokens }),
      ...(isCount(outputTokens) && { outputTokens }),
      ...(isCount(inputTokenDetails.cacheReadTokens) && { cachedTokens: inputTokenDetails.cacheReadTokens }),
      ...(isCount(outputTokenDetails.reasoningTokens) && { reasoningTokens: outputTokenDetails.reasoningTokens }),
    };
    for (const name of ["inputTokens", "outputTokens", "cachedTokens", "reasoningTokens"] as const) {
      const more = used[name];
      if (more !== undefined) this.#used = { ...this.#used, [name]: (this.#used[name] ?? 0) + more };
    }
  }
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isInteger(value) && value >= 0 && value <= MOST_TOKENS;
}

/** Inputs and results come out of JSON; what is none becomes text. */
function jsonOf(value: unknown): Json {
  const text = JSON.stringify(value ?? null);
  return text === undefined ? String(value) : (JSON.parse(text) as Json);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
