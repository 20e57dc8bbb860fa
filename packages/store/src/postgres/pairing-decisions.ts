/** What events decided on requests to be let in, so that an event that is worked on again decides nothing twice. */
import type { Cause, PairingDecision } from "@switchboard/core/ports";
import type { AccountRef } from "@switchboard/domain";
import { fromJson } from "../rows/json.ts";
import type { Context } from "./context.ts";

interface Decided extends PairingDecision {
  /** The approval also made them the account's owner. */
  readonly owner: boolean;
}

interface DecisionRow {
  readonly body: string;
}

export interface PairingDecisions {
  of(ref: AccountRef, event: string): Promise<Decided[]>;
  find(ref: AccountRef, event: string, request: string, decision: Decided["decision"]): Promise<Decided | undefined>;
  note(ref: AccountRef, cause: Cause, decided: Decided): Promise<void>;
}

export function pairingDecisions({ statements }: Context): PairingDecisions {
  const ofEvent = statements.of<DecisionRow>(
    "SELECT body FROM pairing_decisions WHERE tenant = ? AND channel = ? AND account = ? AND event = ?",
  );
  const insert = statements.insertInto("pairing_decisions", [
    "tenant",
    "channel",
    "account",
    "event",
    "request",
    "body",
    "expires_at",
  ]);

  const of = async ({ account, channel, tenant }: AccountRef, event: string) =>
    (await ofEvent.all(tenant, channel, account, event)).map(({ body }) => fromJson<Decided>(body));

  return {
    of,
    find: async (ref, event, request, decision) =>
      (await of(ref, event)).find((each) => each.request.id === request && each.decision === decision),
    async note({ account, channel, tenant }, { event, expiresAt }, decided) {
      insert.send(tenant, channel, account, event, decided.request.id, JSON.stringify(decided), expiresAt);
    },
  };
}
