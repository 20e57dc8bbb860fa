/**
 * Where platforms deliver: capped before read, verified before parsed, stored before answered. It is the busiest
 * address by far and needs nothing of the framework, so it stands before it.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Accounts } from "@switchboard/core";
import {
  type AccountId,
  type AccountRef,
  type ChannelId,
  SwitchboardError,
  type TenantId,
  type WebhookReply,
  type WebhookRequest,
} from "@switchboard/domain";
import { publicRequestUrl } from "./public-url.ts";

/** Larger than any platform's update; files never come this way. */
const WEBHOOK_BYTES = 1024 * 1024;
const ADDRESS = /^\/webhooks\/([^/?#;]{1,256})\/([^/?#;]{1,256})\/([^/?#;]{1,256})\/?(?:\?|$)/;
const METHODS: ReadonlySet<string | undefined> = new Set(["POST", "GET", "HEAD"]);
const DONE = '{"ok":true}';
const DONE_HEADERS = { "content-type": "application/json", "content-length": DONE.length };
const NOTHING = new Uint8Array();

interface UrlOptions {
  readonly publicUrl?: string | undefined;
  readonly trustedProxies: readonly string[];
}

export interface WebhookOptions extends UrlOptions {
  readonly accounts: Accounts;
  /** Answers what went wrong. */
  refuse(error: unknown, request: IncomingMessage, response: ServerResponse): void;
}

/** Takes a request if it is one of a webhook and says so; every other is somebody else's. */
export type WebhookListener = (request: IncomingMessage, response: ServerResponse) => boolean;

export function webhookListener(options: WebhookOptions): WebhookListener {
  return (request, response) => {
    const ref = METHODS.has(request.method) ? refOf(request.url ?? "") : undefined;
    if (!ref) return false;
    const fail = (error: unknown) => options.refuse(isStrangers(error) ? nothingHere() : error, request, response);
    readBody(
      request,
      (body) => {
        options.accounts.webhook(ref, new Call(request, body, options)).then((reply) => answer(response, reply), fail);
      },
      fail,
    );
    return true;
  };
}

/** Whether a call's sender has not shown that the platform sends it. */
function isStrangers(error: unknown): boolean {
  return error instanceof SwitchboardError && (error.code === "SEC_002" || error.code === "REQ_002");
}

/** A call without its proof and one for nobody's account: strangers do not learn who has an account here. */
function nothingHere(): SwitchboardError {
  return new SwitchboardError("SEC_002", "There is no such webhook, or the call does not prove itself.", {
    action: "Check the address, and the secret that the platform was given.",
  });
}

function answer(response: ServerResponse, reply: WebhookReply | undefined): void {
  if (!reply) {
    response.writeHead(200, DONE_HEADERS);
    response.end(DONE);
    return;
  }
  const body = Buffer.from(reply.body);
  // What a call asks to be echoed must never be taken for a page of this origin.
  const headers = {
    "content-type": reply.type,
    "content-length": body.length,
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
  };
  response.writeHead(reply.status ?? 200, headers);
  response.end(body);
}

/** Whose webhook it is; `undefined` for an address that nobody can have. */
function refOf(url: string): AccountRef | undefined {
  const [, channel, tenant, account] = ADDRESS.exec(url) ?? [];
  if (channel === undefined || tenant === undefined || account === undefined) return undefined;
  try {
    return {
      tenant: decode(tenant) as TenantId,
      channel: decode(channel) as ChannelId,
      account: decode(account) as AccountId,
    };
  } catch {
    return undefined;
  }
}

function decode(part: string): string {
  return part.includes("%") ? decodeURIComponent(part) : part;
}

/** Calls one of the two once; neither when the sender goes away before the end. */
function readBody(request: IncomingMessage, done: (body: Uint8Array) => void, fail: (error: unknown) => void): void {
  const tooLarge = () => fail(new SwitchboardError("REQ_003", "The body is larger than this route takes."));
  if (Number(request.headers["content-length"]) > WEBHOOK_BYTES) {
    tooLarge();
    return;
  }
  let pieces: Buffer[] = [];
  let bytes = 0;
  request.on("data", (piece: Buffer) => {
    bytes += piece.length;
    if (bytes <= WEBHOOK_BYTES) {
      pieces.push(piece);
      return;
    }
    // What still comes is thrown away; the answer closes the connection.
    pieces = [];
    request.removeAllListeners("data").removeAllListeners("end").resume();
    tooLarge();
  });
  request.on("end", () => {
    const [first = NOTHING] = pieces;
    done(pieces.length <= 1 ? first : Buffer.concat(pieces, bytes));
  });
}

/** A call as channels see it. */
class Call implements WebhookRequest {
  readonly method: string;
  readonly headers: WebhookRequest["headers"];
  readonly body: Uint8Array;
  readonly #request: IncomingMessage;
  readonly #options: UrlOptions;

  constructor(request: IncomingMessage, body: Uint8Array, options: UrlOptions) {
    this.method = request.method ?? "GET";
    this.headers = request.headers as WebhookRequest["headers"];
    this.body = body;
    this.#request = request;
    this.#options = options;
  }

  /** Put together only for channels whose signature covers it. */
  get url(): string {
    return publicRequestUrl(this.#request, this.#options);
  }
}
