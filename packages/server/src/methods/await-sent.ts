/** Waits for what the platform makes of a message. */
import type { Delivery, Engine } from "@switchboard/core";
import type { DeliveryId, TenantId } from "@switchboard/domain";

/** The last delivery when all are settled, or as it is after `waitMs`. */
export async function awaitSent(
  engine: Engine,
  tenant: TenantId,
  ids: readonly DeliveryId[],
  waitMs: number,
): Promise<Delivery | undefined> {
  const last = ids.at(-1);
  if (last === undefined) return undefined;
  const settled = new Promise<void>((resolve) => {
    const stop = engine.events.listen((event) => {
      if (event.type !== "step" || event.delivery !== last || !["sent", "dead"].includes(event.step)) return;
      finish();
    });
    const timer = setTimeout(() => finish(), waitMs);
    const finish = () => {
      clearTimeout(timer);
      stop();
      resolve();
    };
  });
  const before = await engine.store.outbox.get(tenant, last);
  if (before && ["queued", "sending", "unknown"].includes(before.state)) await settled;
  return engine.store.outbox.get(tenant, last);
}
