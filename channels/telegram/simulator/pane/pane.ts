/** The pane's HTTP side. Addresses are relative to the page, so that it also works behind a proxy's prefix. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { oneLine, SwitchboardError, toSwitchboardError } from "@switchboard/domain";
import { readBody } from "../api/request.ts";
import { checkPage } from "../guard.ts";
import type { FileKind } from "../world/files.ts";
import type { World } from "../world/world.ts";
import { act, type Uploaded, upload } from "./actions.ts";
import { type Asset, paneAsset } from "./assets.ts";
import { streamEvents } from "./events.ts";
import type { PaneAction, PaneResult } from "./shared/protocol.ts";
import { paneMessages, paneState } from "./view.ts";

const LARGEST_ACTION = 1024 * 1024;
const LARGEST_FILE = 50 * 1024 * 1024;

const security = {
  // Framed by the sandbox, which is another port of the same machine; nobody else needs to.
  "content-security-policy":
    "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; style-src 'self' 'unsafe-inline'; frame-ancestors 'self' http://localhost:* http://127.0.0.1:*",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

/** Whether the request was one of the pane; then it is being answered. `find` gives the first bot for no name. */
export function servePane(
  request: IncomingMessage,
  response: ServerResponse,
  find: (username: string | undefined) => World | undefined,
): boolean {
  // As it came: what is no address at all must not be read as one.
  const [pathname = "", ...search] = (request.url ?? "").split("?");
  if (pathname !== "/pane" && !pathname.startsWith("/pane/")) return false;
  const query = new URLSearchParams(search.join("?"));
  void serve(request, response, pathname.slice("/pane/".length), query, find).catch((error: unknown) => {
    const { message, http } = toSwitchboardError(error);
    if (!response.headersSent) sendJson(response, http, { error: message } satisfies PaneResult);
  });
  return true;
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  query: URLSearchParams,
  find: (username: string | undefined) => World | undefined,
): Promise<void> {
  checkPage(request, path === "");
  const asset = paneAsset(path === "" ? "index.html" : path);
  if (asset) return sendAsset(response, asset);
  const world = find(query.get("bot") ?? undefined);
  if (!world) throw new SwitchboardError("REQ_002", "There is no such bot");
  if (request.method === "POST") {
    return sendJson(response, 200, await change(request, path, query, world));
  }
  switch (path) {
    case "state":
      return sendJson(response, 200, paneState(world));
    case "messages": {
      const chat = world.chats.get(Number(query.get("chat")));
      if (!chat) throw new SwitchboardError("REQ_002", "There is no such chat");
      const before = query.get("before");
      return sendJson(response, 200, paneMessages(world, chat, before === null ? undefined : Number(before)));
    }
    case "events":
      return streamEvents(request, response, world);
    case "file":
      return sendFile(response, world, query.get("id") ?? "");
    default:
      throw new SwitchboardError("REQ_002", "There is nothing here");
  }
}

async function change(
  request: IncomingMessage,
  path: string,
  query: URLSearchParams,
  world: World,
): Promise<PaneResult> {
  try {
    if (path === "act") {
      const action = JSON.parse((await readBody(request, LARGEST_ACTION)).toString()) as PaneAction;
      return act(world, action);
    }
    if (path === "upload") return upload(world, readUpload(query, await readBody(request, LARGEST_FILE)));
    throw new SwitchboardError("REQ_002", "There is nothing here");
  } finally {
    world.journal.flush();
  }
}

function readUpload(query: URLSearchParams, bytes: Buffer): Uploaded {
  const number = (name: string): number | undefined => {
    const value = query.get(name);
    return value === null ? undefined : Number(value);
  };
  const thread = number("thread");
  const replyTo = number("replyTo");
  return {
    person: number("person") ?? 0,
    chat: query.get("chat") ?? "",
    text: query.get("text") ?? "",
    kind: (query.get("kind") ?? "document") as FileKind,
    name: query.get("name") ?? "file",
    mimeType: query.get("type") ?? "",
    bytes: new Uint8Array(bytes),
    ...(thread !== undefined && { thread }),
    ...(replyTo !== undefined && { replyTo }),
  };
}

function sendAsset(response: ServerResponse, { type, body }: Asset): void {
  response.writeHead(200, { ...security, "content-type": type, "cache-control": "no-cache" });
  response.end(body);
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { ...security, "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(value));
}

function sendFile(response: ServerResponse, world: World, id: string): void {
  const file = world.files.byId(id);
  const bytes = file && world.files.bytes(file);
  if (!file || !bytes) throw new SwitchboardError("REQ_002", "The file is gone");
  const shown = file.kind !== "document" && /^(image|video|audio)\//.test(file.mimeType ?? "image/");
  response.writeHead(200, {
    ...security,
    "content-security-policy": "sandbox",
    // Never `text/html`: what somebody uploaded must not become a page of this origin.
    "content-type": shown ? (file.mimeType ?? "application/octet-stream") : "application/octet-stream",
    ...(!shown && {
      "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(oneLine(file.name ?? "") || "file")}`,
    }),
    "content-length": bytes.byteLength,
    "cache-control": "private, max-age=3600",
  });
  response.end(bytes);
}
