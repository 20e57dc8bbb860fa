/** Lets the gateway finish what the kills left, without any more trouble. */
import { setTimeout as sleep } from "node:timers/promises";
import { isQuiet } from "./store-facts.ts";
import type { Traffic } from "./traffic.ts";
import type { World } from "./world.ts";

const LOOK_EVERY_MS = 250;
/** So many looks in a row have to find nothing left. */
const QUIET_LOOKS = 3;
/** When nothing has changed for so long, nothing will. */
const STILL_MS = 45_000;

/** Resolves with whether everything came to rest; the gateway must be running. */
export async function settle(world: World, traffic: Traffic): Promise<boolean> {
  let quiet = 0;
  let movedAt = performance.now();
  let before = "";
  while (quiet < QUIET_LOOKS) {
    await sleep(LOOK_EVERY_MS);
    const answered = traffic.answered === traffic.count;
    const settled = await isQuiet(world.look);
    quiet = answered && settled ? quiet + 1 : 0;
    const now = `${traffic.answered} ${world.accounts.map(({ simulator }) => simulator.sent().length).join(" ")}`;
    if (now !== before) movedAt = performance.now();
    before = now;
    if (performance.now() - movedAt > STILL_MS) return false;
  }
  return true;
}
