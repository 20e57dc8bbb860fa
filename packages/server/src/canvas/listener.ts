/**
 * Serves documents and the pages that draw A2UI (DEV-11). It stands before the framework and reads the request's target as it was sent: no router
 * tidies up dots or slashes first. It reads no cookie, sets none, and answers every refusal alike.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Log } from "@switchboard/core/ports";
import { SwitchboardError } from "@switchboard/domain";
import { CountingWindow } from "../callers/counting-window.ts";
import { errorBody } from "../http/answers.ts";
import type { A2uiFiles } from "./a2ui.ts";
import { type A2uiAddress, CANVAS_PREFIX, type DocumentAddress, readAddress } from "./addresses.ts";
import type { Capabilities, Capability } from "./capabilities.ts";
import type { CanvasDocuments, OpenedFile } from "./documents.ts";
import { documentHeaders, refusalHeaders } from "./headers.ts";
import { contentType, mimeTypeOf } from "./mime-types.ts";

export const CANVAS = "canvas";

export interface CanvasListenerOptions {
  readonly documents: CanvasDocuments;
  readonly capabilities: Capabilities;
  readonly a2ui: A2uiFiles;
  readonly log: Log;
  /** Web origins besides the gateway's own whose pages may show documents in a frame. */
  readonly allowedOrigins: () => readonly string[];
  /** The gateway's own address that a request reached. */
  rootOf(request: IncomingMessage): string | undefined;
  /** Where a request comes from, for counting wrong tokens. */
  addressOf(request: IncomingMessage): string;
  /** Unix milliseconds. */
  now(): number;
}

type Address = DocumentAddress | A2uiAddress;
interface Found {
  readonly mimeType: string;
  readonly content: Buffer;
  readonly encoding?: string;
}

/** Takes a request if it is for a document and says so; every other is somebody else's. */
export type CanvasListener = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Wrong tokens from one address, before none is looked at that was not good from there already. */
const GUESSES = { calls: 60, windowMs: 60_000 };
const MOST_ADDRESSES = 16;

export function canvasListener(options: CanvasListenerOptions): CanvasListener {
  const { a2ui, capabilities, documents, log } = options;
  const guesses = new CountingWindow(GUESSES);

  function capabilityOf(address: Address, from: string): Capability {
    const found = capabilities.find(address.token, CANVAS);
    if (found?.usedFrom.has(from) && isFor(found, address)) return found;
    const tooMany = guesses.count(from, options.now()) >= GUESSES.calls;
    if (tooMany || !found) {
      const retryAfterMs = guesses.take(from, options.now());
      if (tooMany) throw new SwitchboardError("SEC_011", "Too many wrong addresses from there.", { retryAfterMs });
      throw nothing();
    }
    if (!isFor(found, address)) throw nothing();
    if (found.usedFrom.size < MOST_ADDRESSES) found.usedFrom.add(from);
    return found;
  }

  async function fileOf({ document, path }: DocumentAddress, capability: Capability): Promise<Found | undefined> {
    const file = await documents.open(capability.caller.info.tenant, document, path);
    return file && mayShow(file, capability) ? file : undefined;
  }

  async function a2uiOf({ file }: A2uiAddress, accepted: string | undefined): Promise<Found | undefined> {
    const found = await a2ui(file, accepted);
    return found && { ...found, mimeType: mimeTypeOf(file) };
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const address = readAddress(request.url ?? "");
    if (!address) throw nothing();
    const capability = capabilityOf(address, options.addressOf(request));
    const file = await (address.kind === "document"
      ? fileOf(address, capability)
      : a2uiOf(address, request.headers["accept-encoding"]));
    if (!file) throw nothing();
    const roots = [...new Set([capability.root, options.rootOf(request)].filter((root) => root !== undefined))];
    response.writeHead(200, {
      ...documentHeaders({
        folders: roots.map((root) => `${root}${address.folder}`),
        scripts: roots.map((root) => `${root}${address.a2ui}`),
        ancestors: ["'self'", ...options.allowedOrigins()],
      }),
      "content-type": contentType(file.mimeType),
      ...(file.encoding !== undefined && { "content-encoding": file.encoding }),
      "content-length": file.content.length,
    });
    response.end(request.method === "HEAD" ? undefined : file.content);
  }

  function refuse(thrown: unknown, request: IncomingMessage, response: ServerResponse): void {
    const error = thrown instanceof SwitchboardError ? thrown : new SwitchboardError("SYS_005", "This failed here.");
    // The request's target holds a token.
    if (error.http >= 500) log.error({ error: String(thrown) }, "a document could not be read");
    const wait = error.retryAfterMs;
    const headers: Record<string, number> = wait === undefined ? {} : { "retry-after": Math.ceil(wait / 1000) };
    send(error.http, headers, error, request, response);
  }

  return (request, response) => {
    if (!request.url?.startsWith(CANVAS_PREFIX)) return false;
    if (request.method !== "GET" && request.method !== "HEAD") {
      const error = new SwitchboardError("REQ_001", "Documents are only read.", { action: "Use GET." });
      send(405, { allow: "GET, HEAD" }, error, request, response);
      return true;
    }
    answer(request, response).catch((error: unknown) => refuse(error, request, response));
    return true;
  };
}

function send(
  status: number,
  headers: Readonly<Record<string, string | number>>,
  error: SwitchboardError,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const body = JSON.stringify(errorBody(error));
  // The rest of a body that nobody reads would be taken for the next request's beginning.
  if (!request.complete) response.setHeader("connection", "close");
  response.writeHead(status, {
    ...refusalHeaders(),
    ...headers,
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(body),
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

/** What draws A2UI is the same for everybody, and a document may load it. */
function isFor({ document }: Capability, address: Address): boolean {
  return document === undefined || address.kind === "a2ui" || document === address.document;
}

/** What was published for a node is shown by that node, and by operators. */
function mayShow({ document }: OpenedFile, { caller }: Capability): boolean {
  const { device, role } = caller.info;
  return document.nodeId === undefined || role === "operator" || document.nodeId === device;
}

/** Wrong, expired, foreign, missing: nobody learns which. */
function nothing(): SwitchboardError {
  return new SwitchboardError("REQ_002", "There is nothing at this address, or no longer.", {
    action: "Ask the gateway for a new address.",
  });
}
