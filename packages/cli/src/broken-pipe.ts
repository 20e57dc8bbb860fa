/** Whoever reads the output may stop early, e.g. `| head`: a command then ends quietly, a gateway goes on. */
const SERVES: ReadonlySet<string> = new Set(["start", "demo"]);

export function whenNobodyReads(argv: readonly string[]): void {
  const serves = SERVES.has(argv.slice(2).find((word) => !word.startsWith("-")) ?? "");
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      if (!serves) process.exit(process.exitCode ?? 0);
    });
  }
}
