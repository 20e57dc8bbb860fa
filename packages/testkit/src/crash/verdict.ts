/** Judges the facts. Pure: what is wrong is told in words that lead to the place. */
import { checkAnswers } from "./checks/answers.ts";
import { checkLeftovers } from "./checks/leftovers.ts";
import { checkOrder } from "./checks/order.ts";
import { checkRepeats } from "./checks/repeats.ts";
import { checkTranscript } from "./checks/transcript.ts";
import { checkTurns } from "./checks/turns.ts";
import { checkUsage } from "./checks/usage.ts";
import type { Facts } from "./facts.ts";

export interface Finding {
  /** In the words of the report. */
  readonly what: string;
  /** One line a breach; none means that all is well. */
  readonly breaches: readonly string[];
}

export interface Verdict {
  /** Every one must be without breaches. */
  readonly findings: readonly Finding[];
  /** What is only counted. */
  readonly figures: {
    readonly messages: number;
    /** Of these, what the platform gave up bringing. */
    readonly givenUp: number;
    readonly events: number;
    readonly turns: number;
    /** Turns that a kill or a stop made start again. */
    readonly restarted: number;
    readonly sent: number;
    /** Attempts whose fate nobody knew. */
    readonly unknown: number;
    /** Messages that carry the note. */
    readonly labelled: number;
    /** Messages that are at the platform twice, the first time unrecorded. */
    readonly repeats: number;
  };
}

export function judge(facts: Facts): Verdict {
  const { repeats, unlabelled } = checkRepeats(facts);
  return {
    findings: [
      { what: "lost", breaches: checkAnswers(facts) },
      { what: "double turns", breaches: checkTurns(facts) },
      { what: "out of order", breaches: checkOrder(facts) },
      { what: "unlabelled repeats", breaches: unlabelled },
      { what: "transcript disagrees", breaches: checkTranscript(facts) },
      { what: "miscounted", breaches: checkUsage(facts) },
      { what: "dead letters", breaches: facts.deadLetters },
      { what: "stuck", breaches: checkLeftovers(facts) },
    ],
    figures: {
      messages: facts.said.length,
      givenUp: facts.said.filter(({ givenUp }) => givenUp).length,
      events: facts.events.length,
      turns: facts.turns.length,
      restarted: facts.turns.filter(({ starts }) => starts > 1).length,
      sent: facts.seen.length,
      unknown: facts.deliveries.flatMap(({ attempts }) => attempts).filter((state) => state === "unknown").length,
      labelled: facts.seen.filter(({ note, text }) => text.includes(note)).length,
      repeats,
    },
  };
}
