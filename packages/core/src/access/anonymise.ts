/** Peers appear in the audit log as hashes: the same person is recognisable, but not who it is (OPS-4). */
import { createHmac } from "node:crypto";

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
