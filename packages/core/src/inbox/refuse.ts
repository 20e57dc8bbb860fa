/** Refuses an event: audited always, told to the person at most once an hour (ACC-5). */
import { ERRORS, textContent } from "@switchboard/domain";
import { anonymousPeer } from "../access/anonymise.ts";
import type { Effect } from "../ports/index.ts";
import { type Case, type Decision, type DecisionPorts, replyEffect } from "./decision.ts";

const TELL_EVERY = { perSecond: 1 / 3600, burst: 1 } as const;

export function refuse(
  question: Case,
  code: "SEC_001" | "SEC_003" | "SEC_004",
  reason: string,
  tell: boolean,
  ports: DecisionPorts,
  /** What the person is told first for SEC_003; default that it is about a group. */
  why = "In a group only its owners may change settings or begin anew",
): Decision {
  const { event, account, route } = question;
  const now = ports.clock.now();
  const peer = anonymousPeer(account, event.sender?.id);
  const effects: Effect[] = [
    {
      type: "audit",
      entry: {
        at: now,
        actor: peer,
        action: "access.denied",
        subject: `${account.ref.channel}:${account.ref.account}`,
        outcome: "denied",
        detail: { code, reason },
      },
    },
  ];
  if (tell && ports.limits.take(`told/${code}/${peer}`, TELL_EVERY, now)) {
    effects.push(replyEffect(question, textContent(refusal(code, event.sender?.id, why)), ports, { private: true }));
  }
  return { state: "denied", reason: `${code} ${reason}`, session: route.session, effects };
}

function refusal(code: "SEC_001" | "SEC_003" | "SEC_004", sender: string | undefined, why: string): string {
  const { title, action } = ERRORS[code];
  if (code === "SEC_003") {
    const yours = sender === undefined ? "" : ` Your id here is ${sender}.`;
    return `${why} (SEC_003). The operator says who they are.${yours}`;
  }
  const id = code === "SEC_001" && sender !== undefined ? ` Your id here is ${sender}.` : "";
  return `${title} (${code}). ${action}${id}`;
}
