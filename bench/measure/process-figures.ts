/** What a process uses, as the kernel counts it. Linux only: elsewhere the figures are missing. */
import { readFileSync } from "node:fs";

/** Clock ticks a second in `/proc`; the same on every Linux that Node runs on. */
const TICKS = 100;

/** Resident memory in MB (a million bytes). */
export function residentMb(pid: number): number | undefined {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1];
  return kib === undefined ? undefined : (Number(kib) * 1024) / 1e6;
}

/** Processor time of all threads so far, in milliseconds. */
export function cpuMs(pid: number): number | undefined {
  const text = read(`/proc/${pid}/stat`);
  // The name may hold anything; behind its bracket the third field is the first.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  return Number.isFinite(ticks) ? (ticks * 1000) / TICKS : undefined;
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
