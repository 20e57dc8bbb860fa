/** A copy of this checkout in a temporary directory, where a test may install, build and break things. */
import { execFile } from "node:child_process";
import { copyFile, link, mkdir, mkdtemp, readdir, readlink, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { readCheckout } from "../doctor/checkout.ts";

export interface CheckoutCopy extends AsyncDisposable {
  readonly path: string;
  /** Runs a program in the copy, its own tools first. Resolves with what it wrote; rejects with that if it fails. */
  run(program: string, ...args: string[]): Promise<string>;
}

/** Tracked and new files are copied and committed; installed packages are hard links, so that it takes seconds. */
export async function copyCheckout(root: string): Promise<CheckoutCopy> {
  const path = await mkdtemp(join(tmpdir(), "switchboard-checkout-"));
  const { files, packages } = readCheckout(root);
  for (const file of files) {
    await mkdir(dirname(join(path, file)), { recursive: true });
    await copyFile(join(root, file), join(path, file));
  }
  for (const directory of [".", ...packages.map((each) => each.directory)]) {
    await linkTree(join(root, directory, "node_modules"), join(path, directory, "node_modules"), true);
  }
  const env = environment(path);
  const run = async (program: string, ...args: string[]) => {
    const { stdout } = await promisify(execFile)(program, args, { cwd: path, env, maxBuffer: 64_000_000 }).catch(
      (error: Error & { stdout: string; stderr: string }) => {
        throw new Error(`${error.message}\n${error.stdout}\n${error.stderr}`);
      },
    );
    return stdout;
  };
  await run("git", "init", "--quiet");
  await run("git", "add", "--all");
  const author = ["-c", "user.name=test", "-c", "user.email=test@example.org"];
  await run("git", ...author, "commit", "--quiet", "--message", "copy");
  return { path, run, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
}

/** Without what the surrounding npm and Vitest say to their children: it is about another directory. */
function environment(path: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|vitest|node_options$|git_|init_cwd$|switchboard_)/i.test(name),
  );
  const bin = join(path, "node_modules", ".bin");
  const SWITCHBOARD_STATE_DIR = join(path, ".switchboard");
  return {
    ...Object.fromEntries(kept),
    SWITCHBOARD_STATE_DIR,
    PATH: `${bin}${delimiter}${process.env.PATH}`,
    NO_COLOR: "1",
  };
}

/** At the top, notes and caches of tools stay behind: a link to them would let the copy write into the original. */
async function linkTree(from: string, to: string, top = false): Promise<void> {
  const entries = await readdir(from, { withFileTypes: true }).catch(() => []);
  if (entries.length > 0) await mkdir(to, { recursive: true });
  for (const entry of entries) {
    if (top && entry.name.startsWith(".") && entry.name !== ".bin") continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await linkTree(source, target);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else await link(source, target).catch(() => copyFile(source, target));
  }
}
