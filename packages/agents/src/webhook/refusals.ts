/** What an endpoint's status means for the turn: tried again, or given up. */
import { SwitchboardError } from "@switchboard/domain";
import { retryAfterMs } from "../model/retry-after.ts";

/** For a status that brings no answer. Nothing the endpoint said is quoted: a program's error may hold anything. */
export function refusal(
  status: number,
  headers: Readonly<Record<string, string>>,
  origin: string,
  now: number,
): SwitchboardError {
  const wait = retryAfterMs(headers, now);
  const later = wait !== undefined && { retryAfterMs: wait };
  const what = `${origin} answered ${status}`;
  const error = (code: "AGENT_001" | "AGENT_002" | "AGENT_003", why: string) =>
    new SwitchboardError(code, `${what}${why}.`, { details: { status }, ...later });
  const permanent = (why: string, action: string) =>
    new SwitchboardError("AGENT_006", `${what}: ${why}.`, { details: { status }, action });
  if (status === 429) return error("AGENT_003", ", too many requests");
  if (status === 408 || status === 504) return error("AGENT_002", "");
  if (status >= 500 || status === 409 || status === 425) return error("AGENT_001", "");
  if (status === 401 || status === 403) {
    return permanent("the signature was refused", "Give the agent the secret of signingSecret, and see to its clock.");
  }
  if (status >= 300 && status < 400) return permanent("it redirects", "Set url to where the agent is.");
  if (status === 404) return permanent("there is no agent", "Correct the agent's url.");
  if (status === 413)
    return new SwitchboardError("AGENT_007", `${what}: the request is too large.`, { details: { status } });
  return permanent("the request was refused", "See the agent's own log.");
}
