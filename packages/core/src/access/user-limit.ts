/**
 * How much one person may ask for (ACC-5). What counts is when they wrote, not when we came to it: what was written at
 * leisure while the gateway was down is no flood when it arrives all at once.
 */
import { accountKey } from "@switchboard/domain";
import type { Case, DecisionPorts } from "../inbox/decision.ts";

export function withinUserLimit({ account, event, stored }: Case, { clock, limits, settings }: Ports): boolean {
  // An operator is not limited, and what failed for reasons of our own has passed already.
  if (event.operator || stored.attempts > 0) return true;
  const key = `user/${accountKey(account.ref)}/${event.sender?.id ?? event.conversation.id}`;
  const written = Math.min(event.at, stored.receivedAt);
  // Conversations are decided side by side: what comes late must not earn the time between a second time.
  const now = clock.now();
  const at = Math.min(Math.max(written, limits.newest(key) ?? written), now);
  return limits.take(key, { perSecond: settings.userPerMinute / 60, burst: settings.userBurst }, at, now);
}

type Ports = Pick<DecisionPorts, "clock" | "limits" | "settings">;
