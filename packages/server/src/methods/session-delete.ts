/** Deletes a session once nothing runs in it. */
import { type SessionKey, SwitchboardError, type TenantId } from "@switchboard/domain";
import type { MethodDeps } from "./deps.ts";

/** How long runs have to end after they were stopped. */
const PATIENCE_MS = 10_000;

/** False when there is none. @throws REQ_004 when a run does not end in time: then nothing was deleted. */
export async function deleteWhenIdle({ engine }: MethodDeps, tenant: TenantId, key: SessionKey): Promise<boolean> {
  const late = AbortSignal.timeout(PATIENCE_MS);
  for (;;) {
    const next = nextEnd(engine.events, tenant, key, late);
    try {
      await engine.stopRun(tenant, key);
      const result = await engine.store.sessions.delete(tenant, key, engine.clock.now());
      if (result !== "busy") return result === "deleted";
      await next.came;
    } finally {
      next.stop();
    }
    if (late.aborted) {
      throw new SwitchboardError("REQ_004", "A run of this session does not end; try again in a moment.", {
        retryable: true,
        retryAfterMs: 1_000,
        details: { reason: "session-active" },
      });
    }
  }
}

/** Resolves at the end of the session's next run, or when it is late. */
function nextEnd(
  events: MethodDeps["engine"]["events"],
  tenant: TenantId,
  key: SessionKey,
  late: AbortSignal,
): { readonly came: Promise<void>; stop(): void } {
  const { promise: came, resolve } = Promise.withResolvers<void>();
  const onLate = () => resolve();
  const stopListening = events.listen((event) => {
    if (event.type === "run.ended" && event.tenant === tenant && event.session === key) resolve();
  });
  late.addEventListener("abort", onLate, { once: true });
  if (late.aborted) resolve();
  return {
    came,
    stop() {
      stopListening();
      late.removeEventListener("abort", onLate);
    },
  };
}
