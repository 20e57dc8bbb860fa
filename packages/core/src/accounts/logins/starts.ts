/** How many logins a tenant may begin: counted in the store, for all nodes together. */
import { type AccountId, type AccountRef, SwitchboardError } from "@switchboard/domain";
import type { Store } from "../../ports/index.ts";

const MOST = 30;
const WINDOW_MS = 15 * 60_000;
/** What is counted stands beside the tenant's accounts of the channel; no account can be called so. */
const COUNTED = "(logins)" as AccountId;
const KEY = "starts";
const MOST_ATTEMPTS = 20;

/** @throws SEC_011. */
export async function takeStart({ accounts }: Store, of: AccountRef, now: number): Promise<void> {
  const ref = { ...of, account: COUNTED };
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const from = await accounts.memoryGet(ref, KEY, now);
    const [count, since] = (from ?? `0 ${now}`).split(" ").map(Number) as [number, number];
    const expiresAt = since + WINDOW_MS;
    if (count >= MOST) {
      throw new SwitchboardError("SEC_011", "Too many logins were begun.", {
        action: "Wait as long as the answer says.",
        retryAfterMs: Math.max(0, expiresAt - now),
      });
    }
    const change = { key: KEY, to: `${count + 1} ${since}`, expiresAt, ...(from !== undefined && { from }) };
    if (await accounts.memorySwap(ref, [change], now)) return;
  }
  throw new SwitchboardError("SEC_011", "Too many logins are begun at once.", { retryAfterMs: 1_000 });
}
