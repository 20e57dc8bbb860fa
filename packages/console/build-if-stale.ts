/**
 * Builds the pages when their sources are newer than what was built, or with `--always` in any case:
 * `node packages/console/build-if-stale.ts`.
 * Several processes may ask at once; one builds, the others wait for it.
 */
import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

const here = import.meta.dirname;
const dist = join(here, "dist");
const lock = join(here, "node_modules", ".build-lock");
/** Everything that ends up in the pages. */
const SOURCES = [
  "src",
  "chat.html",
  "channels.html",
  "sandbox.html",
  "sign-in.html",
  "vite.config.ts",
  "vite.a2ui.config.ts",
  "package.json",
  "../client/src",
  "../protocol/src",
  "../domain/src",
];
/** The versions that pages are built for. */
const A2UI = ["v0.8", "v0.9"];
/** What is there when a build got to its end. */
const PAGES = ["chat.html", "channels.html", "sandbox.html", "a2ui/index.html"];
/** A build takes seconds; a lock this old was left by one that was killed. */
const LOCK_MS = 120_000;

export interface BuildOptions {
  /** One line of progress each. */
  readonly say?: (line: string) => void;
  /** Also when nothing changed. */
  readonly always?: boolean;
}

/** Resolves with whether there was anything to build. */
export async function buildIfStale({ always = false, say = () => {} }: BuildOptions = {}): Promise<boolean> {
  if (!always && isFresh()) return false;
  await takeLock();
  try {
    if (!always && isFresh()) return false;
    say("Building the pages …");
    const startedAt = Date.now();
    // Beside the folder in use, then in its place: whoever serves it never finds half a build.
    const next = join(here, "node_modules", ".dist-next");
    await build(next, "--emptyOutDir");
    for (const version of A2UI) {
      await build(join(next, "a2ui"), "--config", "vite.a2ui.config.ts", "--mode", version);
    }
    compress(join(next, "assets"));
    compress(join(next, "a2ui"));
    const stamp = join(next, ".built");
    writeFileSync(stamp, "");
    // What changes during the build is newer than it.
    utimesSync(stamp, startedAt / 1000, startedAt / 1000);
    rmSync(dist, { recursive: true, force: true });
    renameSync(next, dist);
    say(`Built the pages in ${((Date.now() - startedAt) / 1000).toFixed(1)} s.`);
    return true;
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** In a process of its own: what the asking one is (a test, say) must not decide which React is built in. */
function build(directory: string, ...more: readonly string[]): Promise<void> {
  const vite = fileURLToPath(new URL("../../bin/vite.js", import.meta.resolve("vite")));
  const child = spawn(process.execPath, [vite, "build", "--outDir", directory, "--logLevel", "warn", ...more], {
    cwd: here,
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", 2, 2],
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => (code === 0 ? resolve() : reject(new Error("The pages could not be built."))));
  });
}

/** Beside each asset its compressed forms, for the gateway to send to browsers that are not on its own machine. */
function compress(directory: string): void {
  for (const name of readdirSync(directory)) {
    const bytes = readFileSync(join(directory, name));
    if (bytes.length < 1024) continue;
    writeFileSync(join(directory, `${name}.br`), brotliCompressSync(bytes));
    writeFileSync(join(directory, `${name}.gz`), gzipSync(bytes, { level: 9 }));
  }
}

function isFresh(): boolean {
  const stamp = statSync(join(dist, ".built"), { throwIfNoEntry: false });
  if (!stamp || !PAGES.every((page) => existsSync(join(dist, page)))) return false;
  return SOURCES.every((source) => newest(join(here, source)) <= stamp.mtimeMs);
}

/** When anything in it changed last, in Unix milliseconds. Tests do not end up in the pages. */
function newest(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats || /\.test\.ts$|test-support$/.test(path)) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

async function takeLock(): Promise<void> {
  mkdirSync(join(here, "node_modules"), { recursive: true });
  for (;;) {
    try {
      mkdirSync(lock);
      return;
    } catch {
      const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (age > LOCK_MS) rmSync(lock, { recursive: true, force: true });
      await sleep(100);
    }
  }
}

if (import.meta.main) {
  const built = await buildIfStale({
    say: (line) => process.stderr.write(`${line}\n`),
    always: process.argv.includes("--always"),
  });
  if (!built) process.stderr.write("The pages are up to date.\n");
}
