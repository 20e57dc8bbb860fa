/** The gateway's first start, before anybody writes. */
import { setTimeout as sleep } from "node:timers/promises";
import type { GatewayProcess } from "../gateway-process/index.ts";
import type { Look } from "./look.ts";
import { knownAccounts } from "./store-facts.ts";

const LOOK_EVERY_MS = 100;
const PATIENCE_MS = 60_000;

/**
 * Lets the accounts connect once. A platform that hands events over a socket keeps none for an account that has never
 * been there; after that it does.
 */
export async function introduce(gateway: GatewayProcess, look: Look, accounts: readonly string[]): Promise<void> {
  await gateway.ready;
  const deadline = performance.now() + PATIENCE_MS;
  const missing = async () => {
    const known = await knownAccounts(look);
    return accounts.filter((account) => !known.has(account));
  };
  for (let waiting = await missing(); waiting.length > 0; waiting = await missing()) {
    if (performance.now() > deadline)
      throw new Error(`${waiting} did not connect: ${gateway.log.slice(-3).join(" | ")}`);
    await sleep(LOOK_EVERY_MS);
  }
  await gateway.stop();
}
