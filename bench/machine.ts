/** The machine that was measured on. */
import { execFileSync } from "node:child_process";
import { cpus, release, totalmem, type } from "node:os";

export interface Machine {
  readonly system: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryMb: number;
  readonly node: string;
  /** Of the directory that the measured databases were in. */
  readonly fileSystem: string | undefined;
}

export function describeMachine(directory: string): Machine {
  const processors = cpus();
  return {
    system: `${type()} ${release()}`,
    processor: processors[0]?.model ?? "unknown",
    cores: processors.length,
    memoryMb: Math.round(totalmem() / 1e6),
    node: process.versions.node,
    fileSystem: fileSystemOf(directory),
  };
}

function fileSystemOf(directory: string): string | undefined {
  try {
    const [, line = ""] = execFileSync("df", ["-PT", directory], { encoding: "utf8" }).split("\n");
    return line.split(/\s+/)[1];
  } catch {
    return undefined;
  }
}
