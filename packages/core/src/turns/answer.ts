/** Collects what an agent says during one run and turns it into content and a transcript entry. */
import {
  type Control,
  type Json,
  markdownContent,
  type OutboundAttachment,
  type OutboundContent,
} from "@switchboard/domain";
import type { AgentEvent, NewDelivery, NewTranscriptEntry, TranscriptAttachment, Usage } from "../ports/index.ts";

/** Shown below an answer that is not whole. */
const ENDINGS = {
  stop: "",
  length: "\n\n_(The answer reached the model's length limit and ends here.)_",
  filtered: "\n\n_(The provider's content filter ended the answer here.)_",
} as const;

export class Answer {
  text = "";
  thinking = "";
  readonly attachments: OutboundAttachment[] = [];
  readonly controls: (readonly Control[])[] = [];
  /** Messages the agent asked to send later. */
  readonly scheduled: { readonly dueAt: number; readonly deliveries: readonly NewDelivery[] }[] = [];
  readonly #tools: { name: string; input: Json }[] = [];
  ending: keyof typeof ENDINGS = "stop";
  usage: Usage | undefined;
  state: string | undefined;
  finished = false;
  /** The answer comes later; what proves it, as a hash. */
  later: string | undefined;
  #silent = false;

  add(event: AgentEvent): void {
    switch (event.type) {
      case "text":
        this.text += event.delta;
        break;
      case "thinking":
        this.thinking += event.delta;
        break;
      case "tool-call":
        this.#tools.push({ name: event.name, input: event.input });
        break;
      case "controls":
        this.controls.push(...event.controls);
        break;
      case "attachment":
        this.attachments.push(event.attachment);
        break;
      case "usage":
        this.usage = event.usage;
        break;
      case "finish":
        this.finished = true;
        this.#silent = event.silent === true;
        this.ending = event.reason;
        this.usage = event.usage ?? this.usage;
        this.state = event.state;
        break;
      case "later":
        this.later = event.token;
        break;
      case "tool-result":
        break;
    }
  }

  /** Nothing was said or shown. */
  get isEmpty(): boolean {
    return this.text.trim() === "" && this.attachments.length === 0 && this.controls.length === 0;
  }

  /** Saying nothing is fine when something was done, when the provider kept it back, or when it was meant. */
  get mayBeEmpty(): boolean {
    return this.#silent || this.ending === "filtered" || this.scheduled.length > 0;
  }

  /** What is shown; `undefined` when there is nothing to show. */
  content(showThinking: boolean): OutboundContent | undefined {
    const text = this.text.trim() + ENDINGS[this.ending] || this.#promise();
    if (this.isEmpty && text === "") return undefined;
    return markdownContent(text, {
      ...(this.attachments.length > 0 && { attachments: this.attachments }),
      ...(this.controls.length > 0 && { controls: this.controls }),
      ...(showThinking && this.thinking.trim() !== "" && { thinking: this.thinking.trim() }),
    });
  }

  /** What stands in for words the agent did not find when it scheduled a message. */
  #promise(): string {
    return this.scheduled
      .map(({ dueAt }) => `🕒 ${new Date(dueAt).toISOString().slice(0, 16).replace("T", " ")} UTC`)
      .join("\n");
  }

  entry(at: number, partial: boolean): NewTranscriptEntry {
    const extra: Record<string, Json> = {};
    if (this.controls.length > 0) extra.controls = this.controls as unknown as Json;
    if (this.#tools.length > 0) extra.tools = this.#tools;
    return {
      role: "assistant",
      text: this.text.trim(),
      at,
      ...(this.thinking.trim() !== "" && { thinking: this.thinking.trim() }),
      ...(this.attachments.length > 0 && { attachments: this.attachments.map(transcribed) }),
      ...((partial || this.ending !== "stop") && { partial: true }),
      ...(Object.keys(extra).length > 0 && { extra }),
    };
  }
}

function transcribed({ kind, source, mimeType, fileName, size }: OutboundAttachment): TranscriptAttachment {
  return {
    kind,
    ...("blob" in source ? { blob: source.blob } : { ref: { url: source.url } }),
    ...(mimeType !== undefined && { mimeType }),
    ...(fileName !== undefined && { fileName }),
    ...(size !== undefined && { size }),
  };
}
