/** Whether a tenant's audit log is what was written. */
import type { TenantId } from "@switchboard/domain";
import { isSealed } from "../accounts/account-secrets.ts";
import type { AuditAnchor, AuditChain, AuditSeal, Clock, Store, Vault } from "../ports/index.ts";
import { type AuditBreak, CHAIN_START, ChainCheck, isGone } from "./chain-check.ts";
import { isGenuine, sealingKey } from "./seals.ts";

const ROWS_AT_ONCE = 500;
/** Retention may move the beginning while this reads. */
const MOST_ATTEMPTS = 3;
/** The clock of the node that deleted may have been ahead by this much. */
const CLOCKS_DIFFER_MS = 3_600_000;

export interface AuditVerdict {
  readonly rows: number;
  /** What the rows that are left follow. */
  readonly begin: AuditAnchor;
  readonly head: AuditAnchor;
  readonly seals: number;
  /** Seals whose maker could not be proven, because the vault's key is not at hand. */
  readonly unproven: number;
  /** The noted head lies before what is left: whether it was part of the chain cannot be checked any more. */
  readonly notedGone?: true;
  readonly broken?: AuditBreak;
}

export interface VerifyPorts {
  readonly store: Pick<Store, "audit">;
  readonly vault: Pick<Vault, "derive">;
  readonly clock: Pick<Clock, "now">;
}

export interface VerifyQuestion {
  /** How long rows are kept: what was deleted earlier is missing. */
  readonly keptMs: number;
  /** A head that was written down elsewhere, e.g. in an export; it must still be part of the chain. */
  readonly noted?: AuditAnchor | undefined;
}

export async function verifyAudit(
  ports: VerifyPorts,
  tenant: TenantId,
  question: VerifyQuestion,
): Promise<AuditVerdict> {
  for (let attempt = 1; ; attempt += 1) {
    const verdict = await verifyOnce(ports, tenant, question);
    if (!verdict.broken || attempt === MOST_ATTEMPTS) return verdict;
    const chain = await ports.store.audit.chain(tenant);
    if (beginOf(chain).position === verdict.begin.position) return verdict;
  }
}

/** Where what is left of a chain begins. */
export function beginOf(chain: AuditChain | undefined): AuditAnchor {
  const seal = chain?.seals.findLast(({ pruned }) => pruned);
  return seal ? { position: seal.position, hash: seal.hash } : CHAIN_START;
}

async function verifyOnce(
  { clock, store, vault }: VerifyPorts,
  tenant: TenantId,
  { keptMs, noted }: VerifyQuestion,
): Promise<AuditVerdict> {
  const chain = await store.audit.chain(tenant);
  const begin = beginOf(chain);
  const head = chain?.head ?? CHAIN_START;
  const seals = (chain?.seals ?? []).filter(({ position }) => position >= begin.position);
  const forged = await forgedOf(vault, tenant, seals);
  const notedGone = noted !== undefined && isGone(noted, begin);
  const anchors = [...seals, ...(noted && !notedGone ? [noted] : [])];
  const check = new ChainCheck(tenant, begin, head, anchors);
  for (let after = begin.position; !check.broken; ) {
    const rows = await store.audit.read(tenant, { after, limit: ROWS_AT_ONCE });
    for (const row of rows) check.add(row);
    after = rows.at(-1)?.position ?? after;
    if (rows.length < ROWS_AT_ONCE || after >= head.position) break;
  }
  const tooSoon = deletedTooSoon(seals, clock.now() - keptMs);
  const seal = forged.first && ({ position: forged.first.position, problem: "seal" } as const);
  const broken = earlier(tooSoon, earlier(seal, check.end()));
  const { rows } = check;
  const verdict = { rows, begin, head, seals: seals.length, unproven: forged.unproven };
  return { ...verdict, ...(notedGone && { notedGone }), ...(broken && { broken }) };
}

/**
 * That rows were deleted up to a seal is only a mark in the database, which anybody may set who writes there. When the
 * seal was made is signed: retention does not delete what a younger one covers.
 */
function deletedTooSoon(seals: readonly AuditSeal[], keptFrom: number): AuditBreak | undefined {
  const seal = seals.find(({ at, pruned }) => pruned && at >= keptFrom + CLOCKS_DIFFER_MS);
  return seal && { position: seal.position, problem: "missing" };
}

async function forgedOf(
  vault: Pick<Vault, "derive">,
  tenant: TenantId,
  seals: readonly AuditSeal[],
): Promise<{ readonly first?: AuditSeal; readonly unproven: number }> {
  if (seals.length === 0) return { unproven: 0 };
  try {
    const key = await sealingKey(vault);
    const first = seals.find((seal) => !isGenuine(key, tenant, seal));
    return { unproven: 0, ...(first && { first }) };
  } catch (error) {
    if (!isSealed(error)) throw error;
    return { unproven: seals.length };
  }
}

function earlier(one: AuditBreak | undefined, other: AuditBreak | undefined): AuditBreak | undefined {
  if (!one || !other) return one ?? other;
  return one.position < other.position ? one : other;
}
