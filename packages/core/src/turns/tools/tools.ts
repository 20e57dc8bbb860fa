/** What the gateway lets a model do besides talking. Everything takes effect with the end of the turn, or not at all. */
import type { AgentTool, Clock } from "../../ports/index.ts";
import type { Answer } from "../answer.ts";
import { offerChoices } from "./offer-choices.ts";
import { type ComposeLater, scheduleMessage } from "./schedule-message.ts";

/** `later` makes messages for the conversation that is answered; absent when nobody is. */
export function gatewayTools(answer: Answer, clock: Clock, later: ComposeLater | undefined): AgentTool[] {
  return [offerChoices(answer), ...(later ? [scheduleMessage(answer, clock, later)] : [])];
}
