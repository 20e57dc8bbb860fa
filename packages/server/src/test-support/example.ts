/** The programs under `examples/`, run as somebody would run them. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export type Language = "TypeScript" | "Python";

export interface Example {
  readonly child: ChildProcess;
  /** What it printed so far. */
  readonly lines: readonly string[];
  /** Resolves with its first line. */
  readonly first: Promise<string>;
}

/** Rejects in CI, where it has to be there. */
export function canRun(language: Language): boolean {
  if (language === "TypeScript") return true;
  try {
    execFileSync("python3", ["--version"]);
    return true;
  } catch {
    if (process.env.REQUIRE_SERVICES === "1") throw new Error("python3 is missing: apt-get install python3");
    return false;
  }
}

/** `kind`: how the folder's name begins. */
export function startExample(kind: string, language: Language, env: NodeJS.ProcessEnv): Example {
  const [program, file] =
    language === "Python" ? ["python3", `${kind}-python/agent.py`] : [process.execPath, `${kind}-ts/agent.ts`];
  const path = fileURLToPath(new URL(`../../../../examples/${file}`, import.meta.url));
  const child = spawn(program, [path], { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "inherit"] });
  const lines: string[] = [];
  const output = createInterface({ input: child.stdout });
  output.on("line", (line) => lines.push(line));
  return { child, lines, first: once(output, "line").then(([line]) => String(line)) };
}

export async function killExample({ child }: Pick<Example, "child">): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}
