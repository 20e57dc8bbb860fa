/** A temporary directory with the files a test writes into it, as git sees them. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export interface SmallTree extends Disposable {
  readonly path: string;
}

/** By path: a file's text, or what becomes JSON in it. */
export type Files = Readonly<Record<string, string | object>>;

export function smallTree(files: Files): SmallTree {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "switchboard-tree-")));
  execFileSync("git", ["init", "--quiet"], { cwd: path });
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), typeof content === "string" ? content : JSON.stringify(content, null, 2));
  }
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
