/** Fits the past into what the model's window has left for it. */
import type { TranscriptEntry } from "@switchboard/core/ports";
import { entryText } from "./conversation.ts";
import { estimateTokens, MESSAGE_TOKENS } from "./tokens.ts";

/** Splits a transcript where somebody speaks to the agent after it spoke: question and answer stay together. */
export function exchangesOf(entries: readonly TranscriptEntry[]): TranscriptEntry[][] {
  const exchanges: TranscriptEntry[][] = [];
  let answered = true;
  for (const entry of entries) {
    const last = exchanges.at(-1);
    if (last === undefined || (answered && entry.role !== "assistant")) exchanges.push([entry]);
    else last.push(entry);
    answered = entry.role === "assistant";
  }
  return exchanges;
}

/** The newest whole exchanges that fit into `budget` tokens, oldest first. */
export function newestThatFit(
  entries: readonly TranscriptEntry[],
  budget: number,
  named: boolean,
): TranscriptEntry[][] {
  const all = exchangesOf(entries);
  let left = budget;
  let first = all.length;
  while (first > 0) {
    const cost = costOf(all[first - 1] ?? [], named);
    if (cost > left) break;
    left -= cost;
    first--;
  }
  return all.slice(first);
}

function costOf(exchange: readonly TranscriptEntry[], named: boolean): number {
  return exchange.reduce((sum, entry) => sum + estimateTokens(entryText(entry, named) ?? "") + 2 * MESSAGE_TOKENS, 0);
}
