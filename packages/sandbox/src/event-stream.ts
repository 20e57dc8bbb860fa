/** Server-sent events to every open page. */
import type { ServerResponse } from "node:http";

/** Proxies and browsers give up on silent lines. */
const BREATH_MS = 20_000;
/** A page that reads slower than this much behind is let go; it connects again and gets everything anew. */
const MOST_BEHIND_BYTES = 4 * 1024 * 1024;

export class EventStream {
  readonly #readers = new Set<ServerResponse>();
  readonly #breath = setInterval(() => this.#write(": still here\n\n"), BREATH_MS);

  constructor() {
    this.#breath.unref();
  }

  /** `first`: what the reader is told before anything else. */
  add(response: ServerResponse, headers: Record<string, string>, first: { event: string; data: unknown }): void {
    response.writeHead(200, { ...headers, "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write(`retry: 800\n\n${frame(first.event, first.data)}`);
    this.#readers.add(response);
    response.once("close", () => this.#readers.delete(response));
  }

  send(event: string, data: unknown): void {
    if (this.#readers.size > 0) this.#write(frame(event, data));
  }

  close(): void {
    clearInterval(this.#breath);
    for (const reader of this.#readers) reader.end();
  }

  #write(text: string): void {
    for (const reader of this.#readers) {
      if (reader.writableLength > MOST_BEHIND_BYTES) reader.destroy();
      else reader.write(text);
    }
  }
}

function frame(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
