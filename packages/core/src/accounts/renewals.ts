/** What is made of the end of a renewal (CRED-2): a figure, a line in the log, and an audit entry when a person is needed. */
import { type AccountRef, type SwitchboardError, toErrorRecord } from "@switchboard/domain";
import { auditInto, type TakesAudit } from "../audit/audit.ts";
import type { Clock, Log, Telemetry } from "../ports/index.ts";

export interface RenewalPorts {
  readonly store: TakesAudit;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** `error`: the credential was not renewed. Does not wait for the audit log. */
export function sawRenewal(
  ref: AccountRef,
  error: SwitchboardError | undefined,
  log: Log,
  { clock, store, telemetry }: RenewalPorts,
): void {
  const outcome = error === undefined ? "ok" : error.retryable ? "later" : "failed";
  telemetry.renewal(ref, outcome);
  if (outcome === "ok") log.info({}, "the credential was renewed");
  if (error === undefined || error.retryable) return;
  const { account, channel, tenant } = ref;
  const entry = { actor: "system", action: "account.renewal-failed", subject: `${channel}:${account}` };
  auditInto(store, clock)(tenant, { ...entry, outcome: "failed", detail: { code: error.code } }).catch(
    (thrown: unknown) => {
      log.error({ error: toErrorRecord(thrown) }, "a failed renewal could not be written into the audit log");
    },
  );
}
