/** Exported audit logs, in both forms, as they were and after somebody changed them. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { auditHash, type ChainedRow, FIRST_PREVIOUS } from "@switchboard/core";
import { csvLine } from "@switchboard/domain";
import { type TemporaryDirectory, temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyFile } from "./audit-file.ts";

const COLUMNS = [
  "seq",
  "tenant",
  "position",
  "at",
  "actor",
  "action",
  "subject",
  "outcome",
  "detail",
  "previous",
  "hash",
];

function aLog(): ChainedRow[] {
  const rows: ChainedRow[] = [];
  const subjects = ["plain", '=1+1, "quoted"', "two\nlines", "", "schl\u00fcssel"];
  for (const [index, subject] of subjects.entries()) {
    const previous = rows.at(-1)?.hash ?? FIRST_PREVIOUS;
    const detail = index % 2 === 0 ? null : JSON.stringify({ index, text: "a, b\r\n" });
    const row = { tenant: "acme", position: index + 1, at: index, actor: "system", action: "a.b", subject };
    const text = { ...row, outcome: "ok", detail, previous };
    rows.push({ seq: 10 * index, ...text, hash: auditHash(text) });
  }
  return rows;
}

const forms: Record<string, (rows: readonly ChainedRow[], head: ChainedRow | undefined) => string> = {
  "JSON lines": (rows, head) =>
    [{ format: "switchboard.audit.v1", tenant: "acme", begin: { position: 0, hash: FIRST_PREVIOUS }, head }, ...rows]
      .map((line) => `${JSON.stringify(line)}\n`)
      .join(""),
  CSV: (rows) =>
    [COLUMNS, ...rows.map((row) => COLUMNS.map((name) => row[name as keyof ChainedRow] ?? undefined))]
      .map(csvLine)
      .join(""),
};

describe.each(Object.entries(forms))("an audit log exported as %s", (form, write) => {
  let directory: TemporaryDirectory;
  beforeAll(async () => {
    directory = await temporaryDirectory();
  });
  afterAll(() => directory.remove());

  const verify = (rows: readonly ChainedRow[], noted?: ChainedRow) => {
    const path = join(directory.path, "audit");
    writeFileSync(path, write(rows, aLog().at(-1)));
    return verifyFile(path, noted);
  };

  it("OPS-4 is found to be what was written", async () => {
    const verdict = await verify(aLog(), aLog()[2]);
    expect(verdict).toMatchObject({ tenant: "acme", rows: 5, head: { position: 5 } });
    expect(verdict.broken).toBeUndefined();
  });

  it("OPS-4 shows the first row that was changed, removed, or cut off", async () => {
    const rows = aLog();
    const with3rd = (change: Partial<ChainedRow>) =>
      rows.map((row) => (row.position === 3 ? { ...row, ...change } : row));
    expect((await verify(with3rd({ subject: "x" }))).broken).toEqual({ position: 3, problem: "changed" });
    expect((await verify(with3rd({ at: 99 }))).broken).toEqual({ position: 3, problem: "changed" });
    expect((await verify(rows.filter(({ position }) => position !== 2))).broken).toEqual({
      position: 2,
      problem: "missing",
    });
    expect((await verify(rows.slice(0, 4), rows[4])).broken).toEqual({ position: 5, problem: "cut" });
    const cut = (await verify(rows.slice(0, 4))).broken;
    expect(cut).toEqual(form === "CSV" ? undefined : { position: 5, problem: "cut" });
  });

  it("OPS-4 says of a noted head from before its first row that it cannot be checked, and compares one right there", async () => {
    const [first, second, ...rows] = aLog();
    const path = join(directory.path, "later");
    const text = write(rows, rows.at(-1)).replace(`{"position":0,"hash":"${FIRST_PREVIOUS}"}`, JSON.stringify(second));
    writeFileSync(path, text);
    const gone = await verifyFile(path, first);
    expect(gone).toMatchObject({ rows: 3, begin: { position: 2 }, notedGone: true });
    expect(gone.broken).toBeUndefined();
    const there = await verifyFile(path, second);
    expect([there.broken, there.notedGone]).toEqual([undefined, undefined]);
    const other = await verifyFile(path, { position: 2, hash: FIRST_PREVIOUS });
    expect(other.broken).toEqual({ position: 2, problem: "seal" });
  });

  it("REQ_001 says of another file that it is none", async () => {
    const path = join(directory.path, "other");
    writeFileSync(path, "hello\n");
    await expect(verifyFile(path, undefined)).rejects.toMatchObject({ code: "REQ_001" });
    await expect(verifyFile(join(directory.path, "nowhere"), undefined)).rejects.toMatchObject({ code: "REQ_001" });
  });
});
