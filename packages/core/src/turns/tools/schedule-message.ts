import { SwitchboardError, validated } from "@switchboard/domain";
import { Type } from "@switchboard/domain/schema";
import type { AgentTool, Clock, NewDelivery } from "../../ports/index.ts";
import type { Answer } from "../answer.ts";

const LATEST_MS = 365 * 24 * 3_600_000;

const Parameters = Type.Object({
  text: Type.String({ minLength: 1, maxLength: 20_000, description: "Markdown." }),
  in_seconds: Type.Optional(Type.Integer({ minimum: 1, description: "How long from now." })),
  at: Type.Optional(Type.String({ description: "Or a date and time with offset, ISO 8601." })),
});

/** The message as deliveries, due then. Throws what the channel cannot show; the model is told. */
export type ComposeLater = (text: string, dueAt: number) => readonly NewDelivery[];

/** Sends a message into the same conversation later. */
export function scheduleMessage(answer: Answer, clock: Clock, compose: ComposeLater): AgentTool {
  return {
    name: "schedule_message",
    description: "Send a message into this conversation at a later time, e.g. a reminder.",
    parameters: Parameters,
    async run(input) {
      const { text, in_seconds: seconds, at } = validated(Parameters, input, "input of schedule_message");
      const now = clock.now();
      const dueAt = seconds !== undefined ? now + seconds * 1000 : at !== undefined ? Date.parse(at) : Number.NaN;
      if (!(dueAt > now && dueAt < now + LATEST_MS)) {
        throw new SwitchboardError(
          "REQ_001",
          "Give a time in the future, at most a year ahead: in_seconds, or at in ISO 8601.",
        );
      }
      answer.scheduled.push({ dueAt, deliveries: compose(text, dueAt) });
      return { scheduled_for: new Date(dueAt).toISOString() };
    },
  };
}
