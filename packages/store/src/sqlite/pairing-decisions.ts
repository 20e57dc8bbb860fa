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
  of(ref: AccountRef, event: string): Decided[];
  find(ref: AccountRef, event: string, request: string, decision: Decided["decision"]): Decided | undefined;
  note(ref: AccountRef, cause: Cause, decided: Decided): void;
  /** Deletes those whose event expired before then. Returns how many. */
  prune(before: number): number;
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
  const prune = statements.of("DELETE FROM pairing_decisions WHERE expires_at < ?");

  const of = ({ account, channel, tenant }: AccountRef, event: string) =>
    ofEvent.all(tenant, channel, account, event).map(({ body }) => fromJson<Decided>(body));

  return {
    of,
    find: (ref, event, request, decision) =>
      of(ref, event).find((each) => each.request.id === request && each.decision === decision),
    note({ account, channel, tenant }, { event, expiresAt }, decided) {
      insert.run(tenant, channel, account, event, decided.request.id, JSON.stringify(decided), expiresAt);
    },
    prune: (before) => prune.run(before),
  };
}
