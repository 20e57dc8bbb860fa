/** Peers appear in the audit log as hashes: the same person is recognisable, but not who it is (OPS-4). */
import { createHash } from "node:crypto";
import type { AccountRef } from "@switchboard/domain";

/** `peer:` and 16 hex digits; differs per tenant, channel and account. */
export function anonymousPeer(ref: AccountRef, peer: string | undefined): string {
  if (peer === undefined) return "peer:unknown";
  const hash = createHash("sha256").update(`${ref.tenant}\0${ref.channel}\0${ref.account}\0${peer}`).digest("hex");
  return `peer:${hash.slice(0, 16)}`;
}
