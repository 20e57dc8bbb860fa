/** Peers appear in the audit log as hashes: the same person is recognisable, but not who it is (OPS-4). */
import { createHmac } from "node:crypto";
import type { AccountId, AccountRef, ChannelId, SessionKey, TenantId } from "@switchboard/domain";
import { kindOfSession } from "../routing/session-key.ts";

/** An account as far as its peers are anonymised. */
export interface Anonymiser {
  /** Differs per tenant, channel and account, and is kept apart from the log: platform ids are short enough to guess. */
  readonly auditKey: string;
}

/** `peer:` and 16 hex digits. */
export function anonymousPeer({ auditKey }: Anonymiser, peer: string | undefined): string {
  if (peer === undefined) return "peer:unknown";
  return `peer:${createHmac("sha256", auditKey).update(peer).digest("hex").slice(0, 16)}`;
}

/** A session key with the hash of whom it is with; `peer:unknown` when the account is not there any more. */
export function anonymousSession(
  accounts: { get(ref: AccountRef): Anonymiser | undefined },
  tenant: TenantId,
  key: SessionKey,
): string {
  if (kindOfSession(key) === undefined) return key;
  const [prefix, agent, channel, account, kind, ...peer] = key.split(":");
  const found = accounts.get({ tenant, channel: channel as ChannelId, account: account as AccountId });
  const whom = found ? anonymousPeer(found, peer.join(":")) : anonymousPeer({ auditKey: "" }, undefined);
  return [prefix, agent, channel, account, kind, whom].join(":");
}
