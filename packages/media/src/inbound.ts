/** Files that came in: nothing that a platform or a sender says of them is believed. */
import type { InboundFile } from "@switchboard/core/ports";
import { type MediaStream, SwitchboardError, sanitiseFileName, toSwitchboardError } from "@switchboard/domain";
import { limitedStream, tooLarge } from "./limited-stream.ts";
import { isPicture } from "./pictures/fit.ts";
import { prepare } from "./prepare.ts";
import { sniff } from "./sniff.ts";
import type { Spool } from "./spool.ts";

export interface InboundLimits {
  /** From the call to the last byte, in milliseconds. */
  readonly totalMs: number;
  /** Longest silence, in milliseconds. */
  readonly idleMs: number;
}

const LIMITS: InboundLimits = { totalMs: 120_000, idleMs: 30_000 };

export async function inbound(
  open: (signal: AbortSignal) => Promise<MediaStream>,
  file: InboundFile,
  options: Partial<InboundLimits> & { readonly spool: Spool },
  signal: AbortSignal,
): Promise<MediaStream> {
  const { idleMs, totalMs } = { ...LIMITS, ...options };
  const { maxBytes, picture } = file;
  if (file.size !== undefined && file.size > maxBytes) throw tooLarge(maxBytes, file.size);
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(broken(`It took longer than ${totalMs} ms.`)), totalMs);
  const both = AbortSignal.any([signal, stop.signal]);
  try {
    const media = await unlessAborted(open(both), both);
    if (media.size !== undefined && media.size > maxBytes) {
      await media.stream.cancel().catch(() => {});
      throw tooLarge(maxBytes, media.size);
    }
    const limited = limitedStream(media.stream, {
      maxBytes,
      idleMs,
      signal: both,
      failure: (message, cause) => broken(message, cause),
      ended: () => clearTimeout(timer),
    });
    const { mimeType, stream } = await sniff(limited, file.mimeType ?? media.mimeType);
    const fileName = [file.fileName, media.fileName].map((name) => name && sanitiseFileName(name)).find((name) => name);
    if (picture && mimeType !== undefined && isPicture(mimeType)) {
      return await prepare(
        { stream, kind: "image", claimed: mimeType, names: [fileName] },
        picture,
        options.spool,
        both,
      );
    }
    return {
      stream,
      ...(mimeType !== undefined && { mimeType }),
      ...(fileName !== undefined && { fileName }),
      ...(media.size !== undefined && { size: media.size }),
    };
  } catch (thrown) {
    clearTimeout(timer);
    if (both.aborted) throw both.reason;
    throw toSwitchboardError(thrown, "CONN_001");
  }
}

function broken(message: string, cause?: unknown): SwitchboardError {
  return new SwitchboardError("CONN_001", `The file could not be fetched: ${message}`, { cause });
}

/** A connection that does not listen to its signal is not waited for; what it brings later is let go of. */
function unlessAborted(opening: Promise<MediaStream>, signal: AbortSignal): Promise<MediaStream> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      reject(signal.reason);
      opening.then(({ stream }) => stream.cancel()).catch(() => {});
    };
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
    opening.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
