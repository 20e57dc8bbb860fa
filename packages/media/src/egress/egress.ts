/** The one way by which the gateway fetches addresses that somebody else chose (MSG-6). */
import { lookup as systemLookup } from "node:dns/promises";
import type { MediaStream } from "@switchboard/domain";
import { SwitchboardError, toSwitchboardError } from "@switchboard/domain/errors";
import type { Response } from "undici";
import { limitedStream, tooLarge } from "../limited-stream.ts";
import { allowList } from "./allow-list.ts";
import { guardedDispatcher, type Lookup } from "./dispatcher.ts";
import { nameOf } from "./name.ts";

export interface Egress {
  /**
   * Fetches an http or https address with GET: no cookies, no credentials, no proxy of the environment, and nothing
   * at an address that is not public or allowed, on no hop. The reader must consume or cancel the stream, which fails
   * with MSG_003 or NET_001. Rejects with SEC_007 for an address that may not be fetched, MSG_003 when the file is
   * announced as larger than `maxBytes`, NET_001 for everything else: `retryable` says whether it may go better later.
   */
  get(url: string, options: { readonly maxBytes: number; readonly signal: AbortSignal }): Promise<Fetched>;

  /**
   * Sends a body with POST under the same rules, and follows no redirect: what was said is for that address only. Waits
   * for the answer as long as `signal` lets it. The reader must consume or cancel the body. Rejects with SEC_007 for an
   * address that may not be called, NET_001 when no answer came.
   */
  post(url: string, request: PostRequest): Promise<PostAnswer>;
}

export interface PostRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Ends the call, and the body that is still read. */
  readonly signal: AbortSignal;
}

export interface PostAnswer {
  readonly status: number;
  /** Names are lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ReadableStream<Uint8Array>;
}

/** `mimeType` and `fileName` are what the other side says. `size` is exact: other lengths fail. */
export interface Fetched extends MediaStream {
  /** Where the file was in the end. */
  readonly url: string;
}

export interface EgressLimits {
  readonly redirects: number;
  /** From the call to the last byte. */
  readonly totalMs: number;
  /** Longest wait for a connection, for the headers, and between two pieces. */
  readonly idleMs: number;
  readonly headerBytes: number;
}

const LIMITS: EgressLimits = { redirects: 5, totalMs: 60_000, idleMs: 15_000, headerBytes: 16_384 };
const URL_LENGTH = 8_192;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

export interface EgressOptions {
  /** Hosts, addresses and ranges that are allowed besides the public Internet. */
  readonly allow?: readonly string[];
  readonly limits?: Partial<EgressLimits>;
  /** Default the system's. */
  readonly lookup?: Lookup;
}

/** @throws CFG_001 when an entry of `allow` cannot be read. */
export function createEgress(options: EgressOptions = {}): Egress {
  const allow = allowList(options.allow ?? []);
  const limits = { ...LIMITS, ...options.limits };
  const lookup: Lookup = options.lookup ?? ((host) => systemLookup(host, { all: true }));
  return {
    async get(url, { maxBytes, signal }) {
      const first = readUrl(url);
      const stop = new AbortController();
      const late = () => stop.abort(unfetched(`It took longer than ${limits.totalMs} ms.`));
      const timer = setTimeout(late, limits.totalMs);
      const both = AbortSignal.any([signal, stop.signal]);
      const { headerBytes, idleMs } = limits;
      const dispatcher = await guardedDispatcher({ allow, lookup, headerBytes, connectMs: idleMs, headersMs: idleMs });
      const ended = () => {
        clearTimeout(timer);
        void dispatcher.destroy().catch(() => {});
      };
      try {
        both.throwIfAborted();
        const { fetch } = await import("undici");
        const { response, url: last } = await hops(first, limits.redirects, (each) =>
          fetch(each, { dispatcher, signal: both, redirect: "manual", headers: HEADERS }),
        );
        return received(response, last, { maxBytes, signal: both, idleMs, ended });
      } catch (thrown) {
        ended();
        if (both.aborted) throw both.reason;
        throw failureOf(thrown);
      }
    },

    async post(text, { body, headers, signal }) {
      const url = readUrl(text);
      const { headerBytes, idleMs } = limits;
      const dispatcher = await guardedDispatcher({ allow, lookup, headerBytes, connectMs: idleMs, headersMs: 0 });
      const ended = () => void dispatcher.destroy().catch(() => {});
      try {
        signal.throwIfAborted();
        const { fetch } = await import("undici");
        const own = { "user-agent": HEADERS["user-agent"], ...headers };
        const response = await fetch(url, {
          method: "POST",
          body,
          headers: own,
          dispatcher,
          signal,
          redirect: "manual",
        });
        return {
          status: response.status,
          headers: Object.fromEntries(response.headers),
          body: untilEnded((response.body ?? new Blob([]).stream()) as unknown as ReadableStream<Uint8Array>, ended),
        };
      } catch (thrown) {
        ended();
        if (signal.aborted) throw signal.reason;
        throw failureOf(thrown);
      }
    },
  };
}

/** The same stream; `ended` is called once, however it ends. */
function untilEnded(source: ReadableStream<Uint8Array>, ended: () => void): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (!done) return controller.enqueue(value);
          controller.close();
        } catch (thrown) {
          controller.error(thrown);
        }
        ended();
      },
      async cancel(reason) {
        await reader.cancel(reason).catch(() => {});
        ended();
      },
    },
    { highWaterMark: 0 },
  );
}

/** Plain bytes are asked for, so that their number is known; what comes packed all the same is unpacked and counted. */
const HEADERS = { accept: "*/*", "accept-encoding": "identity", "user-agent": "Switchboard" } as const;

async function hops(
  first: URL,
  redirects: number,
  fetched: (url: URL) => Promise<Response>,
): Promise<{ readonly response: Response; readonly url: URL }> {
  for (let url = first, left = redirects; ; left -= 1) {
    const response = await fetched(url);
    const location = REDIRECTS.has(response.status) ? response.headers.get("location") : null;
    if (location === null) return { response, url };
    await response.body?.cancel();
    if (left === 0) throw unfetched(`It led on more than ${redirects} times.`, { retryable: false });
    url = readUrl(location, url);
  }
}

function received(
  response: Response,
  url: URL,
  limits: { maxBytes: number; idleMs: number; signal: AbortSignal; ended(): void },
): Fetched {
  const { status } = response;
  if (status !== 200) throw refusedWith(status);
  const packed = response.headers.get("content-encoding") ?? "identity";
  const told = response.headers.get("content-length");
  const length = told !== null && /^\d{1,15}$/.test(told) ? Number(told) : undefined;
  if (length !== undefined && length > limits.maxBytes) throw tooLarge(limits.maxBytes, length);
  const size = packed === "identity" ? length : undefined;
  const mimeType = response.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  const fileName = nameOf(response.headers.get("content-disposition"), url);
  const body = (response.body ?? new Blob([]).stream()) as unknown as ReadableStream<Uint8Array>;
  const stream = limitedStream(body, {
    ...limits,
    ...(size !== undefined && { exactly: size }),
    failure: (message, cause) => unfetched(`The file broke off: ${message}`, { cause }),
  });
  return {
    stream,
    url: url.href,
    ...(size !== undefined && { size }),
    ...(mimeType && { mimeType }),
    ...(fileName !== undefined && { fileName }),
  };
}

/** @throws NET_001, SEC_007. */
function readUrl(text: string, base?: URL): URL {
  if (text.length > URL_LENGTH) throw unfetched(`It has more than ${URL_LENGTH} characters.`, { retryable: false });
  const url = URL.parse(text, base?.href);
  if (!url) throw unfetched("It cannot be read.", { retryable: false });
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new SwitchboardError("SEC_007", `Only http and https addresses are fetched, not ${url.protocol}`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new SwitchboardError("SEC_007", "An address with a name or a password in it is not fetched.");
  }
  return url;
}

function refusedWith(status: number): SwitchboardError {
  const retryable = status >= 500 || status === 429 || status === 408;
  return unfetched(`The server answered with status ${status}.`, { retryable, details: { status } });
}

function failureOf(thrown: unknown): SwitchboardError {
  for (let error = thrown, depth = 0; error instanceof Error && depth < 5; error = error.cause, depth += 1) {
    if (error instanceof SwitchboardError) return error;
    if (!error.cause) return unfetched(error.message || "The connection failed.", { cause: thrown });
  }
  return toSwitchboardError(thrown, "NET_001");
}

function unfetched(
  message: string,
  options: { retryable?: boolean; cause?: unknown; details?: Record<string, unknown> } = {},
): SwitchboardError {
  return new SwitchboardError("NET_001", `The address could not be fetched: ${message}`, options);
}
