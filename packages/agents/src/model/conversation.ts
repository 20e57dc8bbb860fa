/** Builds the messages of a request: roles alternate, the first is the user's, none is empty. Every provider takes that. */
import type { TranscriptEntry } from "@switchboard/core/ports";
import type { FilePart, ModelMessage, TextPart } from "ai";
import { describeFile } from "../describe-file.ts";

export type UserPart = TextPart | FilePart;

export class Conversation {
  readonly #messages: ({ role: "user"; parts: UserPart[] } | { role: "assistant"; text: string })[] = [];

  user(...parts: readonly UserPart[]): void {
    const last = this.#messages.at(-1);
    if (last?.role === "user") last.parts.push(...parts);
    else this.#messages.push({ role: "user", parts: [...parts] });
  }

  assistant(text: string): void {
    const last = this.#messages.at(-1);
    if (last === undefined) this.user(textPart("[The conversation began earlier.]"));
    if (last?.role === "assistant") last.text += `\n\n${text}`;
    else this.#messages.push({ role: "assistant", text });
  }

  messages(): ModelMessage[] {
    return this.#messages.map((message) =>
      message.role === "assistant"
        ? { role: "assistant", content: message.text }
        : { role: "user", content: joined(message.parts) },
    );
  }
}

export function textPart(text: string): TextPart {
  return { type: "text", text };
}

/** Neighbouring texts become one: small servers only know plain strings. */
function joined(parts: readonly UserPart[]): string | UserPart[] {
  const whole: UserPart[] = [];
  for (const part of parts) {
    const last = whole.at(-1);
    if (part.type === "text" && last?.type === "text")
      whole[whole.length - 1] = textPart(`${last.text}\n\n${part.text}`);
    else whole.push(part);
  }
  const [only] = whole;
  return whole.length === 1 && only?.type === "text" ? only.text : whole;
}

/** What a user said as one text: with the name in front where several may speak. */
export function spoken(text: string, sender: string | undefined, named: boolean): string {
  if (!named || sender === undefined) return text;
  const name = sender.replaceAll(/[\s:]+/g, " ").trim();
  return name === "" ? text : `${name}: ${text}`;
}

/** An entry of the transcript as text; `undefined` when there is nothing to say. */
export function entryText(entry: TranscriptEntry, named: boolean): string | undefined {
  if (entry.role === "note") return entry.text.trim() === "" ? undefined : `[Note: ${entry.text}]`;
  const files = (entry.attachments ?? []).map((file) =>
    entry.role === "user" ? `[Attached earlier: ${describeFile(file)}]` : `(I sent ${describeFile(file)}.)`,
  );
  const text = [entry.text, ...files].filter((line) => line.trim() !== "").join("\n\n");
  if (text === "") return undefined;
  return entry.role === "user" ? spoken(text, entry.sender, named) : text;
}

/** Puts one exchange of the past into the conversation. */
export function addExchange(conversation: Conversation, exchange: readonly TranscriptEntry[], named: boolean): void {
  for (const entry of exchange) {
    const text = entryText(entry, named);
    if (text === undefined) continue;
    if (entry.role !== "assistant") conversation.user(textPart(text));
    else {
      conversation.assistant(text);
      if (entry.partial)
        conversation.user(textPart("[Note: your answer above is not whole; it was stopped or cut off.]"));
    }
  }
}
