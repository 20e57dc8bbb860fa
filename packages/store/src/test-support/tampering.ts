/** What somebody who can write into the database might do to an audit log of five rows, and how it shows. */
import { type AuditBreak, noLog, sealAudit, systemClock, verifyAudit } from "@switchboard/core";
import { auditHash, type ChainedRow, type Store, type Vault } from "@switchboard/core/ports";
import type { TenantId } from "@switchboard/domain";
import { DAY } from "@switchboard/testkit/factories";
import { anEntry } from "@switchboard/testkit/store";
import { expect } from "vitest";

const ROWS = 5;
const TENANT = "{tenant}";
const of = (position: number) => `WHERE tenant = '${TENANT}' AND position = ${position}`;
const set = (what: string, position = 3) => `UPDATE audit SET ${what} ${of(position)}`;

interface Tampering {
  readonly name: string;
  /** What is done, with the rows as they were; `{tenant}` stands for whose they are. */
  readonly sql: (rows: readonly ChainedRow[]) => readonly string[];
  /** Absent: it does not show without what was noted elsewhere. */
  readonly shows?: AuditBreak;
  /** Heads are sealed first. */
  readonly sealed?: true;
  /** Afterwards heads are sealed, and everything grows old and is deleted. */
  readonly deleted?: true;
}

const changed = { position: 3, problem: "changed" } as const;

export const tamperings: readonly Tampering[] = [
  ...[
    "at = at + 1",
    "actor = 'somebody'",
    "action = 'c.d'",
    "subject = 't'",
    "outcome = 'failed'",
    `detail = '{"n":4}'`,
    "detail = 'no JSON'",
    "detail = NULL",
    "previous = hash",
    "hash = previous",
  ].map((what) => ({ name: `a row's ${what}`, sql: () => [set(what)], shows: changed })),
  {
    name: "a row given to another tenant",
    sql: () => [`UPDATE audit SET tenant = '${TENANT}-thief', position = 1 ${of(3)}`],
    shows: { position: 3, problem: "missing" },
  },
  {
    name: "a row changed with a hash that fits",
    sql: ([, , third]) => [set(`actor = 'somebody', hash = '${auditHash({ ...given(third), actor: "somebody" })}'`)],
    shows: { position: 4, problem: "unlinked" },
  },
  { name: "a row removed", sql: () => [`DELETE FROM audit ${of(3)}`], shows: { position: 3, problem: "missing" } },
  {
    name: "two rows swapped",
    sql: () => [set("position = 99", 2), set("position = 2", 3), set("position = 3", 99)],
    shows: { position: 2, problem: "changed" },
  },
  { name: "the end cut off", sql: () => [`DELETE FROM audit ${of(5)}`], shows: { position: 5, problem: "cut" } },
  {
    name: "the end cut off and the head moved back, where a seal covers it",
    sql: cutWithHead,
    sealed: true,
    shows: { position: 5, problem: "cut" },
  },
  { name: "the end cut off and the head moved back, before it was sealed", sql: cutWithHead },
  {
    name: "everything chained anew from a change on, where a seal covers it",
    sql: (rows) => rewritten(rows),
    sealed: true,
    shows: { position: 5, problem: "seal" },
  },
  { name: "everything chained anew from a change on, before it was sealed", sql: (rows) => rewritten(rows) },
  {
    name: "a seal that the vault's key did not make",
    sql: (rows) => [forgedSeal(given(rows[4]), 0)],
    shows: { position: 5, problem: "seal" },
  },
  {
    name: "the beginning removed, with a seal that the vault's key did not make",
    sql: (rows) => [`DELETE FROM audit ${of(1)}`, `DELETE FROM audit ${of(2)}`, forgedSeal(given(rows[1]), 1)],
    shows: { position: 2, problem: "seal" },
  },
  {
    name: "the log removed up to its newest seal, as if that were old",
    sql: () => [
      `UPDATE audit_seals SET pruned = 1 WHERE tenant = '${TENANT}' AND position = ${ROWS}`,
      `DELETE FROM audit WHERE tenant = '${TENANT}' AND position <= ${ROWS}`,
    ],
    sealed: true,
    shows: { position: ROWS, problem: "missing" },
  },
  {
    name: "everything chained anew from a change on, before it was sealed, and deleted when its time was over",
    sql: (rows) => rewritten(rows),
    deleted: true,
  },
  {
    name: "the whole log removed",
    sql: () =>
      ["audit", "audit_chains", "audit_seals"].map((table) => `DELETE FROM ${table} WHERE tenant = '${TENANT}'`),
  },
];

/** `run`: as somebody whom nothing refuses. */
export async function tamperWith(
  { deleted, name, sealed, shows, sql }: Tampering,
  { run, store, vault }: { readonly store: Store; readonly vault: Vault; run(text: string): Promise<unknown> },
): Promise<void> {
  const tenant = name.replaceAll(/[^a-z]+/gi, "-") as TenantId;
  const ports = { store, vault, clock: systemClock, log: noLog };
  for (let n = 1; n <= ROWS; n += 1) await store.audit.append(tenant, anEntry({ detail: { n } }));
  const rows = await store.audit.read(tenant, { after: 0, limit: 10 });
  const noted = given(await store.audit.chain(tenant)).head;
  if (sealed) await sealAudit(ports);
  const before = await verifyAudit(ports, tenant, { keptMs: DAY, noted });
  expect(before).toMatchObject({ rows: ROWS, head: noted });
  expect(before.broken).toBeUndefined();
  for (const text of sql(rows)) await run(text.replaceAll(TENANT, tenant));
  if (deleted) {
    const settled = { settledBefore: 0, transcriptsBefore: 0, usageBefore: 0 };
    await sealAudit({ ...ports, clock: { ...systemClock, now: () => 2 } });
    while ((await store.upkeep.prune({ ...settled, auditBefore: 3 })) > 0);
    expect(await store.audit.read(tenant, { after: 0, limit: 10 })).toEqual([]);
  }
  expect((await verifyAudit(ports, tenant, { keptMs: DAY })).broken).toEqual(shows);
  // Whatever was done, it shows to who noted the head elsewhere.
  expect((await verifyAudit(ports, tenant, { keptMs: DAY, noted })).broken).toBeDefined();
}

function cutWithHead(rows: readonly ChainedRow[]): string[] {
  const { hash } = given(rows[3]);
  return [
    `DELETE FROM audit ${of(5)}`,
    `UPDATE audit_chains SET position = 4, hash = '${hash}' WHERE tenant = '${TENANT}'`,
  ];
}

function rewritten(rows: readonly ChainedRow[]): string[] {
  let previous = given(rows[1]).hash;
  const texts = rows.slice(2).map((row) => {
    const hash = auditHash({ ...row, actor: "somebody", previous });
    const text = set(`actor = 'somebody', previous = '${previous}', hash = '${hash}'`, row.position);
    previous = hash;
    return text;
  });
  return [...texts, `UPDATE audit_chains SET hash = '${previous}' WHERE tenant = '${TENANT}'`];
}

function forgedSeal({ hash, position }: ChainedRow, pruned: 0 | 1): string {
  return `INSERT INTO audit_seals (tenant, position, hash, at, mac, pruned)
    VALUES ('${TENANT}', ${position}, '${hash}', 1, '${"0".repeat(64)}', ${pruned})`;
}

function given<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("there is no such row");
  return value;
}
