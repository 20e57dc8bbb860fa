/** Updates from many connections at once, each sending its next one when the last was acknowledged. */
import { HttpLine, postRequest } from "../http/line.ts";
import type { Receiver } from "./receivers.ts";
import { groupUpdate, textOf } from "./updates.ts";

export interface IngestResult {
  readonly acknowledged: number;
  readonly seconds: number;
  /** From sending an update to its acknowledgement, in milliseconds. */
  readonly latencies: readonly number[];
}

export async function ingest(receiver: Receiver, connections: number, durationMs: number): Promise<IngestResult> {
  const lines = await Promise.all(Array.from({ length: connections }, () => HttpLine.open(receiver.port)));
  const latencies: number[] = [];
  const startedAt = performance.now();
  const until = startedAt + durationMs;
  await Promise.all(
    lines.map(
      (line, group) =>
        new Promise<void>((resolve, reject) => {
          const next = () => {
            const at = performance.now();
            if (at >= until) {
              resolve();
              return;
            }
            const body = groupUpdate(group, textOf(latencies.length));
            line.send(postRequest(receiver.path, body, receiver.headers), (status) => {
              if (status !== 200) {
                reject(new Error(`An update was answered with ${status}.`));
                return;
              }
              latencies.push(performance.now() - at);
              next();
            });
          };
          next();
        }),
    ),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  for (const line of lines) line.close();
  return { acknowledged: latencies.length, seconds, latencies };
}
