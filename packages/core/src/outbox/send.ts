/** One send, or one edit that falls back to a send. */
import { type OutboundPart, type SendReceipt, SwitchboardError, toSwitchboardError } from "@switchboard/domain";
import type { AccountRuntime } from "../accounts/runtime.ts";
import type { Clock, Delivery } from "../ports/index.ts";

/** No platform call takes longer; a connection's own limits are tighter. */
const SEND_TIMEOUT_MS = 120_000;

/** Rejects with a SwitchboardError always. */
export async function sendPart(
  account: AccountRuntime,
  delivery: Delivery,
  part: OutboundPart,
  attempt: number,
  clock: Clock,
  lost: AbortSignal,
): Promise<SendReceipt> {
  const connection = account.connection;
  if (!connection) throw new SwitchboardError("CONN_001", "The account lost its connection.", { scope: "account" });
  const limit = new AbortController();
  const cancel = clock.after(SEND_TIMEOUT_MS, () =>
    limit.abort(new SwitchboardError("MSG_002", "The platform did not answer in time.", { delivered: "unknown" })),
  );
  const stop = () => limit.abort(lost.reason);
  lost.addEventListener("abort", stop, { once: true });
  try {
    if (delivery.edits && connection.edit) {
      const edited = await tryEdit(connection.edit.bind(connection), delivery, part, limit.signal);
      if (edited) return edited;
    }
    return await connection.send(delivery.target, part, {
      deliveryId: delivery.id,
      number: attempt,
      kind: delivery.kind,
      signal: limit.signal,
    });
  } catch (thrown) {
    throw thrown instanceof SwitchboardError ? thrown : toSwitchboardErrorOfUnknownFate(thrown);
  } finally {
    cancel();
    lost.removeEventListener("abort", stop);
  }
}

/** `undefined`: the message cannot be edited (any more), so a new one is sent. */
async function tryEdit(
  edit: NonNullable<NonNullable<AccountRuntime["connection"]>["edit"]>,
  delivery: Delivery,
  part: OutboundPart,
  signal: AbortSignal,
): Promise<SendReceipt | undefined> {
  if (!delivery.edits) return undefined;
  try {
    await edit(delivery.target, delivery.edits, part, signal);
    return { messageIds: [delivery.edits] };
  } catch (thrown) {
    const error = toSwitchboardError(thrown, "MSG_002");
    if (error.retryable || error.scope === "account") throw error;
    return undefined;
  }
}

/** A connection that breaks its contract and throws something else: assume the worst. */
function toSwitchboardErrorOfUnknownFate(thrown: unknown): SwitchboardError {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new SwitchboardError("MSG_002", message, { delivered: "unknown", cause: thrown });
}
