/** Server-sent events (WHATWG HTML §9.2) as an answer of the REST API. */
import type { FastifyReply } from "fastify";
import type { StreamEvent } from "./handlers.ts";

/** Proxies close lines on which nothing is said. With each sign of life it is asked whether the caller still may. */
const HEARTBEAT_MS = 15_000;
/** How long a browser waits before it comes back. */
const RETRY_MS = 2_000;

/**
 * Sends events until there are no more, the caller is gone, or `stillMay` rejects. Rejects with what the first event
 * rejects with: until then nothing is sent.
 */
export async function streamEvents(
  reply: FastifyReply,
  events: AsyncIterable<StreamEvent>,
  stillMay: () => Promise<unknown>,
  gone: AbortSignal,
): Promise<FastifyReply> {
  const iterator = events[Symbol.asyncIterator]();
  let next = await iterator.next();
  const { raw } = reply;
  const headers = Object.entries(reply.getHeaders()).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  reply.hijack();
  raw.writeHead(200, {
    ...Object.fromEntries(headers),
    "content-type": "text/event-stream; charset=utf-8",
    // Said to proxies that would collect it.
    "x-accel-buffering": "no",
  });
  raw.write(`retry: ${RETRY_MS}\n\n`);
  const ended = new AbortController();
  const heart = setInterval(() => {
    raw.write(": still here\n\n");
    stillMay().catch(() => ended.abort());
  }, HEARTBEAT_MS);
  heart.unref();
  const over = new Promise<IteratorResult<StreamEvent>>((resolve) => {
    AbortSignal.any([gone, ended.signal]).addEventListener("abort", () => resolve({ done: true, value: undefined }), {
      once: true,
    });
  });
  try {
    while (!next.done && !gone.aborted) {
      raw.write(`id: ${next.value.id}\ndata: ${JSON.stringify(next.value.data)}\n\n`);
      next = await Promise.race([iterator.next(), over]);
    }
  } catch {
    // The line ends; whoever comes back is told why.
  } finally {
    clearInterval(heart);
    void iterator.return?.().catch(() => {});
    raw.end();
  }
  return reply;
}
