/** A stream with limits: bytes, silence, and an end that must be the announced one. */
import { SwitchboardError } from "@switchboard/domain/errors";

export interface StreamLimits {
  /** More bytes than this are an MSG_003. */
  readonly maxBytes: number;
  /** Longest silence in milliseconds. */
  readonly idleMs: number;
  /** Exactly so many bytes must come. */
  readonly exactly?: number;
  readonly signal: AbortSignal;
  /** What a stream that fails by itself, falls silent or ends early rejects with. */
  failure(message: string, cause?: unknown): unknown;
  /** Called once, however it ends. */
  ended?(): void;
}

/** Reads no further than it is read. Whatever goes wrong, the source is cancelled and `ended` called. */
export function limitedStream(source: ReadableStream<Uint8Array>, limits: StreamLimits): ReadableStream<Uint8Array> {
  const { exactly, idleMs, maxBytes, signal } = limits;
  const reader = source.getReader();
  let passed = 0;
  let over = false;
  let stop = () => {};
  const end = () => {
    over = true;
    signal.removeEventListener("abort", stop);
    limits.ended?.();
  };
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        stop = () => fail(controller, signal.reason);
        if (signal.aborted) stop();
        else signal.addEventListener("abort", stop, { once: true });
      },
      async pull(controller) {
        const { promise: silence, reject } = Promise.withResolvers<never>();
        const timer = setTimeout(() => reject(limits.failure(`Nothing came for ${idleMs} ms.`)), idleMs);
        try {
          const { done, value } = await Promise.race([reader.read(), silence]);
          if (over) return;
          if (done) {
            if (exactly !== undefined && passed !== exactly) {
              throw limits.failure(`It ended after ${passed} of ${exactly} bytes.`);
            }
            end();
            controller.close();
            return;
          }
          passed += value.byteLength;
          if (passed > maxBytes) throw tooLarge(maxBytes);
          if (exactly !== undefined && passed > exactly) throw limits.failure(`More than ${exactly} bytes came.`);
          controller.enqueue(value);
        } catch (thrown) {
          if (!over)
            fail(controller, thrown instanceof SwitchboardError ? thrown : limits.failure(said(thrown), thrown));
        } finally {
          clearTimeout(timer);
        }
      },
      async cancel(reason) {
        if (over) return;
        end();
        await reader.cancel(reason).catch(() => {});
      },
    },
    { highWaterMark: 0 },
  );

  function fail(controller: ReadableStreamDefaultController<Uint8Array>, reason: unknown): void {
    if (over) return;
    end();
    controller.error(reason);
    reader.cancel(reason).catch(() => {});
  }
}

export function tooLarge(maxBytes: number, bytes?: number): SwitchboardError {
  const size = bytes === undefined ? "is larger than that" : `has ${bytes} bytes`;
  return new SwitchboardError("MSG_003", `At most ${maxBytes} bytes are taken; the file ${size}.`);
}

function said(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
