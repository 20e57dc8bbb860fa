/**
 * The `fetch` that the provider libraries use. It notes every byte as a sign of life, bounds what is read, follows no
 * redirects (a key would travel along), and knows answers that are no model's before a parser chokes on them.
 */
import { SwitchboardError } from "@switchboard/domain";
import { streamOfDocument } from "./openai-document.ts";

export interface TransportOptions {
  readonly origin: string;
  /** Called for every chunk of bytes. */
  alive(): void;
  /** An answer with more bytes is refused. */
  readonly maxBytes: number;
  /** So is one with a longer line. */
  readonly maxLineBytes: number;
  /** Whose form answers have. */
  readonly protocol: "openai" | "anthropic";
}

export function modelFetch(options: TransportOptions): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, { ...init, redirect: "manual" });
    options.alive();
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel();
      const place = URL.parse(response.headers.get("location") ?? "", options.origin)?.origin;
      const to = place === undefined ? "" : ` to ${place}`;
      throw new SwitchboardError(
        "AGENT_006",
        `${options.origin} redirects${to}. Set the base URL to where the service is.`,
      );
    }
    const body = response.body && bounded(response.body, options);
    const copy = new Response(body, {
      status: response.status,
      statusText: response.statusText,
      headers: response.headers,
    });
    if (!response.ok) return copy;
    const type = response.headers.get("content-type")?.toLowerCase() ?? "";
    if (type.startsWith("text/html")) {
      await copy.body?.cancel();
      throw new SwitchboardError("AGENT_001", `${options.origin} answered with a web page. Check the base URL.`);
    }
    const asked = typeof init?.body === "string" && init.body.includes('"stream":true');
    return asked && type.startsWith("application/json") ? withoutStream(await copy.text(), options) : copy;
  };
}

/** Some servers ignore that a stream was asked for. */
function withoutStream(text: string, { origin, protocol }: TransportOptions): Response {
  const stream = protocol === "openai" ? streamOfDocument(text) : undefined;
  if (stream === undefined) throw new SwitchboardError("AGENT_004", `${origin} answered without a stream.`);
  return new Response(stream, { headers: { "content-type": "text/event-stream" } });
}

/** Bounds the whole, and what a parser has to hold at once: a line of the stream, or a document without line breaks. */
function bounded(body: ReadableStream<Uint8Array>, options: TransportOptions): ReadableStream<Uint8Array> {
  let whole = 0;
  let line = 0;
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        options.alive();
        whole += chunk.byteLength;
        const first = chunk.indexOf(LINE_FEED);
        const longest = first === -1 ? line + chunk.byteLength : line + first;
        line = first === -1 ? longest : chunk.byteLength - 1 - chunk.lastIndexOf(LINE_FEED);
        if (whole > options.maxBytes) controller.error(tooMuch(options.maxBytes, "The answer"));
        else if (longest > options.maxLineBytes)
          controller.error(tooMuch(options.maxLineBytes, "One piece of the answer"));
        else controller.enqueue(chunk);
      },
    }),
  );
}

const LINE_FEED = 10;

function tooMuch(bytes: number, what: string): SwitchboardError {
  // The next try would most likely end the same way.
  return new SwitchboardError("AGENT_004", `${what} has more than ${bytes} bytes.`, { retryable: false });
}
