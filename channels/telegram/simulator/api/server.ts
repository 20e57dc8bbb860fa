/** The Bot API over HTTP: `/bot<token>/<method>` and `/file/bot<token>/<path>`. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { underFault } from "@switchboard/simulator-kit";
import { badRequest, refusal, refusalBody } from "../failure.ts";
import type { World } from "../world/world.ts";
import type { Call } from "./call.ts";
import { faultError } from "./faults.ts";
import { findMethod } from "./methods/methods.ts";
import type { Params } from "./params.ts";
import { Raw } from "./raw.ts";
import { readParams } from "./request.ts";
import { peekChat } from "./target.ts";

export type FindWorld = (token: string) => World | undefined;

/** Whether the request was one for the Bot API; then it is being answered. */
export function serveApi(request: IncomingMessage, response: ServerResponse, find: FindWorld): boolean {
  const url = request.url ?? "";
  if (url.startsWith("/bot")) {
    void serveCall(request, response, find);
    return true;
  }
  if (url.startsWith("/file/bot")) {
    serveFile(url, response, find);
    return true;
  }
  return false;
}

async function serveCall(request: IncomingMessage, response: ServerResponse, find: FindWorld): Promise<void> {
  let answer: Answer;
  try {
    const { token, method, search } = parsePath(request.url ?? "");
    const params = await readParams(request, search);
    const world = find(token);
    if (!world) throw refusal(401, "Unauthorized");
    answer = await callMethod(world, method, params, (callback) => response.once("close", callback));
  } catch (error) {
    answer = { kind: "refused", error };
  }
  if (answer.kind === "cut") request.socket.destroy();
  else if (!response.destroyed) write(response, answer);
}

type Answer =
  | { readonly kind: "result"; readonly result: unknown }
  | { readonly kind: "refused"; readonly error: unknown }
  /** The connection breaks. */
  | { readonly kind: "cut" };

/** Runs a method with the faults that wait for it. Never rejects. */
export async function callMethod(
  world: World,
  name: string,
  params: Params,
  onHangUp: Call["onHangUp"] = () => {},
): Promise<Answer> {
  try {
    const method = findMethod(name);
    const chat = peekChat(world, params);
    return await underFault({
      fault: world.faults.take(method.kind, chat && String(chat.id)),
      refusal: (fault) => faultError(fault, chat),
      run: async () => {
        const result = await method.run({ world, params, onHangUp });
        world.journal.flush();
        return result;
      },
    });
  } catch (error) {
    return { kind: "refused", error };
  }
}

function parsePath(url: string): { token: string; method: string; search: string } {
  const query = url.indexOf("?");
  const path = query < 0 ? url : url.slice(0, query);
  const slash = path.indexOf("/", 4);
  if (slash < 0) throw refusal(404, "Not Found");
  const token = decode(path.slice("/bot".length, slash));
  if (!/^\d+:[\w-]+$/.test(token)) throw refusal(404, "Not Found");
  return { token, method: path.slice(slash + 1), search: query < 0 ? "" : url.slice(query + 1) };
}

function write(response: ServerResponse, answer: Exclude<Answer, { kind: "cut" }>): void {
  let status = 200;
  let body: string;
  if (answer.kind === "result") {
    const { result } = answer;
    body = `{"ok":true,"result":${result instanceof Raw ? result.json : JSON.stringify(result)}}`;
  } else {
    const refused = refusalBody(answer.error);
    status = refused.error_code;
    body = JSON.stringify(refused);
    if (refused.parameters?.retry_after !== undefined)
      response.setHeader("retry-after", refused.parameters.retry_after);
  }
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  response.end(body);
}

function serveFile(url: string, response: ServerResponse, find: FindWorld): void {
  const [, token = "", path = ""] = /^\/file\/bot([^/]+)\/([^?]+)/.exec(url) ?? [];
  const world = find(decode(token));
  const file = world?.files.byPath(decode(path));
  const bytes = file && world?.files.bytes(file);
  if (!bytes) {
    write(response, { kind: "refused", error: world ? refusal(404, "Not Found") : refusal(401, "Unauthorized") });
    return;
  }
  response.writeHead(200, {
    "content-type": file.mimeType ?? "application/octet-stream",
    "content-length": bytes.byteLength,
  });
  response.end(bytes);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw badRequest("malformed address");
  }
}
