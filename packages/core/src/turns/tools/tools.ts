/** What the gateway lets a model do besides talking. Everything takes effect with the end of the turn, or not at all. */
import type { AgentTool, Clock } from "../../ports/index.ts";
import type { Answer } from "../answer.ts";
import { offerChoices } from "./offer-choices.ts";
import { scheduleMessage } from "./schedule-message.ts";

export function gatewayTools(answer: Answer, clock: Clock): AgentTool[] {
  return [offerChoices(answer), scheduleMessage(answer, clock)];
}
