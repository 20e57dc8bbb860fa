/** Reads a request's body, up to a size. */
import type { IncomingMessage } from "node:http";
import { SwitchboardError } from "@switchboard/domain";

/** Rejects with what `tooLarge` makes, by default REQ_003, when the body has more than `largest` bytes. */
export function readBody(
  request: IncomingMessage,
  largest: number,
  tooLarge: () => Error = () => new SwitchboardError("REQ_003", `More than ${largest} bytes`),
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= largest) chunks.push(chunk);
      else chunks.length = 0;
    });
    request.on("end", () => {
      if (size > largest) reject(tooLarge());
      else resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
    });
    request.on("error", reject);
  });
}
