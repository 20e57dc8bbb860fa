/** Follows a message until nothing of it is under way any more. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Result } from "@switchboard/protocol";
import type { GatewayAccess } from "./gateway-access.ts";

const OPEN = ["new", "queued", "running", "sending", "unknown", "scheduled"];

export async function follow(gateway: GatewayAccess, id: string, ms: number): Promise<Result<"trace.get">> {
  const until = Date.now() + ms;
  for (;;) {
    const trace = await gateway.request("trace.get", { id });
    const underWay = OPEN.some((state) => trace.summary.includes(state));
    if (!underWay || Date.now() >= until) return trace;
    await sleep(250);
  }
}
