/** The files of a schema: `0001-initial.sql` and so on, one for each number. */
import { readdirSync, readFileSync } from "node:fs";
import { SwitchboardError } from "@switchboard/domain/errors";

export interface NumberedFile {
  readonly number: number;
  readonly sql: string;
  /** What the file does: without comments, and any white space is one space. */
  readonly bare: string;
}

/** In the order of their numbers. @throws SYS_005 where two have the same number, or one has none. */
export function numberedFiles(folder: URL): NumberedFile[] {
  const names = new Map<number, string>();
  return readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .map((name) => {
      const number = Number(/^\d{4}(?=-)/.exec(name)?.[0]);
      if (Number.isNaN(number)) throw refusal(`The migration ${name} does not begin with a number of four digits.`);
      const other = names.get(number);
      if (other !== undefined) throw refusal(`The migrations ${other} and ${name} have the same number.`);
      names.set(number, name);
      const sql = readFileSync(new URL(name, folder), "utf8");
      return { number, sql, bare: bare(sql) };
    })
    .sort((a, b) => a.number - b.number);
}

export function bare(sql: string): string {
  return sql
    .replace(/--[^\n]*/g, "")
    .replace(/\s+/g, " ")
    .trim();
}

function refusal(message: string): SwitchboardError {
  return new SwitchboardError("SYS_005", message, { action: "Install this version of Switchboard anew." });
}
