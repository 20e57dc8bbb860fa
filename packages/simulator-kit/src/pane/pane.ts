/** The pane's HTTP side. Addresses are relative to the page, so that it also works behind a proxy's prefix. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { oneLine, SwitchboardError, toSwitchboardError } from "@switchboard/domain";
import { readBody } from "../server/body.ts";
import { checkPage } from "../server/guard.ts";
import type { PaneResult } from "../shared/protocol.ts";
import { type Asset, paneAsset } from "./assets.ts";
import { streamEvents } from "./events.ts";
import type { Pane, PaneFile, PaneWorld } from "./pane-world.ts";
import { readAction, readUpload } from "./read-action.ts";

const LARGEST_ACTION = 1024 * 1024;
const LARGEST_FILE = 50 * 1024 * 1024;

const security = {
  // Framed by the sandbox, which is another port of the same machine; nobody else needs to.
  "content-security-policy":
    "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; style-src 'self' 'unsafe-inline'; frame-ancestors 'self' http://localhost:* http://127.0.0.1:*",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

/** The world of an account by its name, of the first account without one. */
export type FindAccount<World> = (name: string | undefined) => World | undefined;

/** Whether the request was one of the pane; then it is being answered. */
export function servePane<World>(
  request: IncomingMessage,
  response: ServerResponse,
  pane: Pane<World>,
  find: FindAccount<World>,
): boolean {
  // As it came: what is no address at all must not be read as one.
  const [pathname = "", ...search] = (request.url ?? "").split("?");
  if (pathname !== "/pane" && !pathname.startsWith("/pane/")) return false;
  const query = new URLSearchParams(search.join("?"));
  void serve(request, response, pathname.slice("/pane/".length), query, pane, find).catch((error: unknown) => {
    const { message, http } = toSwitchboardError(error);
    if (!response.headersSent) sendJson(response, http, { error: message } satisfies PaneResult);
  });
  return true;
}

async function serve<World>(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  query: URLSearchParams,
  { look, style, of }: Pane<World>,
  find: FindAccount<World>,
): Promise<void> {
  checkPage(request, path === "");
  const asset = paneAsset(path === "" ? "index.html" : path, look, style);
  if (asset) return sendAsset(response, asset);
  const found = find(query.get("account") ?? undefined);
  if (found === undefined) throw new SwitchboardError("REQ_002", "There is no such account");
  const world = of(found);
  if (request.method === "POST") {
    return sendJson(response, 200, await change(request, path, query, world));
  }
  switch (path) {
    case "state":
      return sendJson(response, 200, { ...world.state(), look });
    case "messages": {
      const before = query.get("before");
      const messages = world.messages(query.get("chat") ?? "", before === null ? undefined : Number(before));
      return sendJson(response, 200, messages);
    }
    case "events":
      return streamEvents(request, response, world);
    case "file":
      return sendFile(response, world.file(query.get("id") ?? ""));
    default:
      throw new SwitchboardError("REQ_002", "There is nothing here");
  }
}

async function change(
  request: IncomingMessage,
  path: string,
  query: URLSearchParams,
  world: PaneWorld,
): Promise<PaneResult> {
  try {
    if (path === "act") return await world.act(readAction((await readBody(request, LARGEST_ACTION)).toString()));
    if (path === "upload") return await world.upload(readUpload(query, await readBody(request, LARGEST_FILE)));
    throw new SwitchboardError("REQ_002", "There is nothing here");
  } finally {
    world.flush();
  }
}

function sendAsset(response: ServerResponse, { type, body }: Asset): void {
  response.writeHead(200, { ...security, "content-type": type, "cache-control": "no-cache" });
  response.end(body);
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { ...security, "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(value));
}

function sendFile(response: ServerResponse, file: PaneFile | undefined): void {
  if (!file) throw new SwitchboardError("REQ_002", "The file is gone");
  const { bytes, name = "", mimeType = "" } = file;
  const shown = file.shown && /^(image|video|audio)\//.test(mimeType || "image/");
  response.writeHead(200, {
    ...security,
    "content-security-policy": "sandbox",
    // Never `text/html`: what somebody uploaded must not become a page of this origin.
    "content-type": shown && mimeType !== "" ? mimeType : "application/octet-stream",
    ...(!shown && {
      "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(oneLine(name) || "file")}`,
    }),
    "content-length": bytes.byteLength,
    "cache-control": "private, max-age=3600",
  });
  response.end(bytes);
}
