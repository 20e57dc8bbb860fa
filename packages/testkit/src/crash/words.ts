/**
 * What people say and what the model answers. Every message has a number that its answer repeats, so that whatever is
 * lost, doubled or out of order can be told from what the platform shows.
 */

import type { Random } from "../long-run/random.ts";
import type { Behaviour, ModelRequest } from "../model-server/index.ts";

/** How the answer to a message comes; the echo agent only knows `plain`. */
export type Form = "plain" | "long" | "slow";

const FILLER = ["amber", "birch", "cedar", "delta", "ember", "flint", "grove", "heath", "inlet", "jetty"];
/** A slow answer comes in so many pieces: long enough for a draft and an edit or two. */
const SLOW_PIECES = 36;
const SLOW_PAUSE_MS = 80;
const PARAGRAPH = "words that fill the page so that the answer needs more than one message";

export function numbered(number: number): string {
  return `M${String(number).padStart(6, "0")}`;
}

/** Ends a model's answer: whoever sees it has seen the whole. */
export function endOf(number: number): string {
  return `D${String(number).padStart(6, "0")}`;
}

/** What a person writes. Nothing in it means formatting anywhere. */
export function sayingOf(number: number, form: Form, random: Random): string {
  return `${numbered(number)} ${form} ${random.pick(FILLER)} ${random.pick(FILLER)}`;
}

/** A place in the flow of answers: message number, then paragraph of its answer (0 where there are none). */
export interface Mark {
  readonly number: number;
  readonly paragraph: number;
}

/** The marks in a text, in their order. */
export function marksIn(text: string): Mark[] {
  return [...text.matchAll(/\bM(\d{6})\b(?: p(\d+)\b)?/g)].map(([, number, paragraph]) => ({
    number: Number(number),
    paragraph: Number(paragraph ?? 0),
  }));
}

/** The model whose long answers need more than one message of so many characters. */
export function modelFor(limit: number): string {
  return `words-${Math.min(limit, 8_000)}`;
}

/** Answers each numbered message of the newest input in its form, as the model that `modelFor` names. */
export function modelReaction({ lastUserText, model }: ModelRequest): Behaviour {
  const limit = Number(model.split("-")[1]);
  const paragraphs = Math.ceil((2.2 * limit) / (PARAGRAPH.length + 24));
  const asked = [...lastUserText.matchAll(/\bM(\d{6}) (plain|long|slow)\b/g)];
  const answers = asked.map(([, number, form]) => answerTo(Number(number), form as Form, paragraphs));
  // On some platforms a thread begins with a message that names it.
  const text = answers.join("\n\n") || "noted";
  const slow = asked.some(([, , form]) => form === "slow");
  // Always about as long under way, also when it was asked for together with a long one.
  const pace = slow
    ? { pieceLength: Math.ceil(text.length / SLOW_PIECES), delayMs: SLOW_PAUSE_MS }
    : { pieceLength: 4_000 };
  return { type: "answer", text, usage: false, ...pace };
}

function answerTo(number: number, form: Form, paragraphs: number): string {
  const count = form === "long" ? paragraphs : 1;
  const lines = Array.from(
    { length: count },
    (_, index) => `${numbered(number)} p${index + 1} of ${count} ${PARAGRAPH}`,
  );
  const more = form === "slow" ? ` ${`${PARAGRAPH} `.repeat(4)}` : " ";
  return `${lines.join("\n\n")}${more}${endOf(number)}`;
}
