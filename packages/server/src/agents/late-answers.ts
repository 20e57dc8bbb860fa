/** Keeps an answer that an agent brings later, whichever way it comes. */
import type { Engine } from "@switchboard/core";
import { SwitchboardError } from "@switchboard/domain";
import type { AgentAnswer } from "@switchboard/protocol";
import type { ReadToken } from "./reply-tokens.ts";

/** How soon an answer may be brought again that came before the turn waited for it. */
export const EARLY_MS = 1_000;

/**
 * `taken`: the turn goes on with it. `known`: it was there already. `early`: the turn still runs, try again.
 * @throws REQ_004 when another one is there or the turn has ended, REQ_005 for a token that answers no turn.
 */
export async function keepLateAnswer(
  engine: Pick<Engine, "store" | "clock" | "wake">,
  { hash: token, tenant, turn }: ReadToken,
  answer: AgentAnswer,
): Promise<"taken" | "known" | "early"> {
  const { clock, store } = engine;
  const kept = await store.turns.answerLater(tenant, turn, {
    token,
    answer: JSON.stringify(answer),
    now: clock.now(),
  });
  if (kept === "unknown") throw unknownToken();
  if (kept === "conflict") {
    throw new SwitchboardError("REQ_004", "The turn has another answer, or has ended.", {
      action: "Use send to say something else in the conversation.",
    });
  }
  const home = kept === "taken" ? await store.turns.get(tenant, turn) : undefined;
  if (home) engine.wake("turn", home);
  return kept;
}

/** Wrong, expired, foreign: nobody learns which. */
export function unknownToken(): SwitchboardError {
  return new SwitchboardError("REQ_005", "This token answers no turn.", {
    action: "Use data.reply.token of the newest request for the turn.",
  });
}
