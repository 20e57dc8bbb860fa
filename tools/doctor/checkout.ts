import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Checkout, WorkspacePackage } from "./rule.ts";

/** Reads the checkout at `root`; outside git every file that `.gitignore` would let in is missed, so it throws there. */
export function readCheckout(root: string): Checkout {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  const files = listed.split("\n").filter((file) => file !== "" && existsSync(join(root, file)));
  const read = (path: string) => readFileSync(join(root, path), "utf8");
  const packages = files
    .filter((file) => /^(packages|channels)\/[^/]+\/package\.json$/.test(file))
    .map((file): WorkspacePackage => ({ directory: dirname(file), manifest: JSON.parse(read(file)) }));
  return { root, files, packages, read };
}
