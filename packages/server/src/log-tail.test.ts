import { appendFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { describe, expect, it } from "vitest";
import { openLogFile } from "./log-file.ts";
import { tailLog } from "./log-tail.ts";

async function place() {
  const directory = await temporaryDirectory();
  return Object.assign(directory, { file: join(directory.path, "logs", "gateway.log") });
}

/** Lines without the one that every file begins with. */
const own = (lines: readonly string[]) => lines.filter((line) => !line.includes("log file begun"));
const line = (n: number) => `{"n":${n},"padding":"${"x".repeat(50)}"}`;

describe("the log's file", () => {
  it("OPS-4 is read from where the reader was, also over new files and restarts, and misses nothing", async () => {
    await using at = await place();
    let log = openLogFile(at.file, 1_000);
    const read: string[] = [];
    let cursor = tailLog(at.file, {}).cursor;
    for (let n = 0; n < 100; n++) {
      if (n === 50) log = openLogFile(at.file, 1_000);
      log.write(`${line(n)}\n`);
      if (n % 7 !== 6) continue;
      const tail = tailLog(at.file, { cursor });
      expect([tail.reset, tail.truncated, tail.skippedBytes]).toEqual([undefined, undefined, undefined]);
      read.push(...own(tail.lines));
      cursor = tail.cursor;
      expect(cursor).toBe(tail.size);
    }
    read.push(...own(tailLog(at.file, { cursor }).lines));
    expect(read).toEqual(Array.from({ length: 100 }, (_, n) => line(n)));
    for (const each of [at.file, `${at.file}.1`]) expect(statSync(each).size).toBeLessThan(1_200);
  });

  it.runIf(process.platform !== "win32")("CRED-3 is for its owner only", async () => {
    await using at = await place();
    openLogFile(at.file, 100).write(`${line(1)}\n`);
    expect(statSync(at.file).mode & 0o777).toBe(0o600);
    expect(statSync(join(at.path, "logs")).mode & 0o777).toBe(0o700);
  });

  it("OPS-4 gives the newest of what does not fit, and says so", async () => {
    await using at = await place();
    const log = openLogFile(at.file);
    for (let n = 0; n < 20; n++) log.write(`${line(n)}\n`);
    expect(tailLog(at.file, { limit: 2 })).toMatchObject({ lines: [line(18), line(19)], truncated: true });
    const bytes = 3 * (line(19).length + 1) + 10;
    const cut = tailLog(at.file, { maxBytes: bytes });
    expect(cut).toMatchObject({ lines: [line(17), line(18), line(19)], truncated: true });
    expect(cut.skippedBytes).toBeUndefined();
    const behind = tailLog(at.file, { cursor: 0, maxBytes: bytes });
    expect(behind).toMatchObject({ lines: [line(17), line(18), line(19)], truncated: true });
    expect(behind.skippedBytes).toBe(behind.size - 3 * (line(19).length + 1));
  });

  it("OPS-4 waits for the end of a line", async () => {
    await using at = await place();
    openLogFile(at.file);
    const { cursor } = tailLog(at.file, {});
    appendFileSync(at.file, '{"half":');
    const half = tailLog(at.file, { cursor });
    expect(half).toMatchObject({ cursor, lines: [] });
    appendFileSync(at.file, "1}\n");
    expect(tailLog(at.file, { cursor: half.cursor }).lines).toEqual(['{"half":1}']);
  });

  it("OPS-4 says when the place it is asked about is gone", async () => {
    await using at = await place();
    expect(tailLog(at.file, {})).toEqual({ cursor: 0, size: 0, lines: [] });
    expect(tailLog(at.file, { cursor: 5 })).toEqual({ cursor: 0, size: 0, lines: [], reset: true });
    const log = openLogFile(at.file, 300);
    for (let n = 0; n < 50; n++) log.write(`${line(n)}\n`);
    const old = tailLog(at.file, { cursor: 3 });
    expect(old.reset).toBe(true);
    expect(old.lines.at(-1)).toBe(line(49));
    rmSync(at.file);
    rmSync(`${at.file}.1`);
    openLogFile(at.file).write(`${line(1)}\n`);
    expect(tailLog(at.file, { cursor: old.cursor })).toMatchObject({ reset: true });
    // A file that somebody else began.
    writeFileSync(at.file, "plain\n");
    expect(tailLog(at.file, {}).lines).toEqual(["plain"]);
  });

  it.runIf(process.platform === "linux")("STORE_002 a full disk costs lines and nothing else", async () => {
    expect(() => openLogFile("/dev/full/x")).toThrow();
    await using at = await place();
    const log = openLogFile(at.file, 10);
    rmSync(join(at.path, "logs"), { recursive: true });
    expect(() => log.write(`${line(1)}\n`)).not.toThrow();
  });
});
