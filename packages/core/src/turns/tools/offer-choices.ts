import { type Control, validated } from "@switchboard/domain";
import { Type } from "@switchboard/domain/schema";
import type { AgentTool } from "../../ports/index.ts";
import type { Answer } from "../answer.ts";

const MOST_IN_A_ROW = 3;

const Parameters = Type.Object({
  choices: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
    minItems: 1,
    maxItems: 24,
    description: "What the person may choose; the chosen text comes back as their next message.",
  }),
});

/** Puts buttons below the answer. */
export function offerChoices(answer: Answer): AgentTool {
  return {
    name: "offer_choices",
    description: "Show buttons below your answer, so that the person can reply with one press.",
    parameters: Parameters,
    async run(input) {
      const { choices } = validated(Parameters, input, "input of offer_choices");
      const buttons = choices.map((choice): Control => ({ kind: "button", label: choice, value: choice }));
      const perRow = choices.every((choice) => choice.length <= 14) ? MOST_IN_A_ROW : 1;
      for (let at = 0; at < buttons.length; at += perRow) answer.controls.push(buttons.slice(at, at + perRow));
      return { shown: choices.length };
    },
  };
}
