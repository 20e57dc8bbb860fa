/** Updates from many connections at once, each sending its next one when the last was acknowledged. */
import { HttpLine, postRequest } from "../http/line.ts";
import { inTurn, type Receiver } from "./receivers.ts";
import { groupUpdate, textOf } from "./updates.ts";

export interface IngestResult {
  readonly acknowledged: number;
  readonly seconds: number;
  /** From sending an update to its acknowledgement, in milliseconds. */
  readonly latencies: readonly number[];
}

/** The receivers, which share a port, get the updates in turn. */
export async function ingest(
  receivers: readonly [Receiver, ...Receiver[]],
  connections: number,
  durationMs: number,
): Promise<IngestResult> {
  const [{ port }] = receivers;
  const lines = await Promise.all(Array.from({ length: connections }, () => HttpLine.open(port)));
  const latencies: number[] = [];
  let sent = 0;
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
            const { headers, path } = inTurn(receivers, sent++);
            line.send(postRequest(path, body, headers), (status) => {
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
