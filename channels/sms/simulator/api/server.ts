/** Twilio's REST API over HTTP, and the store of files behind it. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { JsonObject } from "@switchboard/domain";
import { type Accounts, readBody, underFault } from "@switchboard/simulator-kit";
import { hex } from "../world/sids.ts";
import type { World } from "../world/world.ts";
import { operations, serviceOperation } from "./operations.ts";
import { bodyOf, faultRefusal, notFound, refusal, unauthorised } from "./refusals.ts";

const ACCOUNT = /^\/2010-04-01\/Accounts\/(AC[0-9a-fA-F]{32})(.*)$/;
const SERVICE = /^\/v1\/Services\/(MG[0-9a-fA-F]{32})$/;
const MEDIA = /^\/Messages\/([SM]M[0-9a-f]{32})\/Media\/(ME[0-9a-f]{32})$/;
const STORE = /^\/media-store\/(ME[0-9a-f]{32})-([0-9a-f]{32})$/;
const LARGEST = 1024 * 1024;

/** Whether the request was one for the API; then it is being answered. */
export function serveApi(request: IncomingMessage, response: ServerResponse, accounts: Accounts<World>): boolean {
  const [path = ""] = (request.url ?? "").split("?");
  if (!ACCOUNT.test(path) && !SERVICE.test(path) && !STORE.test(path)) return false;
  void answer(request, response, path, accounts).catch((error: unknown) => refuse(response, error));
  return true;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  accounts: Accounts<World>,
): Promise<void> {
  if (STORE.test(path)) return sendFile(request, response, path, accounts);
  const query = new URLSearchParams((request.url ?? "").split("?")[1]);
  const body = await readBody(request, LARGEST);
  const form = request.method === "POST" ? new URLSearchParams(body.toString("utf8")) : undefined;
  if (form && !(request.headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded")) {
    throw refusal(415, 20415, "Unsupported Media Type");
  }
  const world = worldOf(request, accounts);
  const [, service] = SERVICE.exec(path) ?? [];
  if (service !== undefined) {
    return perform(request, response, world, 200, "other", undefined, () =>
      serviceOperation(world, service, form, path),
    );
  }
  const [, accountSid, rest = ""] = ACCOUNT.exec(path) ?? [];
  if (accountSid !== world.accountSid) throw notFound(path);
  if (request.method === "GET" && MEDIA.test(rest)) return redirect(response, rest, world, path);
  for (const operation of operations) {
    const names = operation.path.exec(rest)?.slice(1);
    if (!names || operation.method !== request.method) continue;
    const call = { world, path, names, query, form: form ?? new URLSearchParams() };
    const { about, kind, run, status } = operation;
    return perform(request, response, world, status, kind, about?.(call), () => run(call));
  }
  throw notFound(path);
}

async function perform(
  request: IncomingMessage,
  response: ServerResponse,
  world: World,
  status: number,
  kind: Parameters<World["faults"]["take"]>[0],
  about: string | undefined,
  run: () => JsonObject | Promise<JsonObject>,
): Promise<void> {
  const outcome = await underFault<JsonObject>({
    fault: world.faults.take(kind, about),
    refusal: faultRefusal,
    run: async () => {
      const result = await run();
      world.journal.flush();
      return result;
    },
  });
  if (outcome.kind === "cut") request.socket.destroy();
  else if (!response.destroyed) send(response, status, outcome.result);
}

/** @throws 401 with 20003, as Twilio, unless the password is the Auth Token of the user. */
function worldOf({ headers }: IncomingMessage, accounts: Accounts<World>): World {
  const [, encoded = ""] = /^Basic (\S+)$/.exec(headers.authorization ?? "") ?? [];
  const [user = "", password] = Buffer.from(encoded, "base64").toString("utf8").split(":");
  const world = accounts.byKey(user);
  if (!world || password !== world.authToken) throw unauthorised();
  return world;
}

/** To an address that is good by itself and does not want to hear of the credential. */
function redirect(response: ServerResponse, rest: string, world: World, path: string): void {
  const [, message = "", media = ""] = MEDIA.exec(rest) ?? [];
  if (!world.messages.get(message)?.media.some(({ sid }) => sid === media)) throw notFound(path);
  response.writeHead(307, { location: `/media-store/${media}-${storeKey(world, media)}` }).end();
}

function sendFile(request: IncomingMessage, response: ServerResponse, path: string, accounts: Accounts<World>): void {
  const [, sid = "", key = ""] = STORE.exec(path) ?? [];
  if (request.headers.authorization !== undefined) {
    response.writeHead(400, { "content-type": "text/plain" }).end("Only one auth mechanism allowed");
    return;
  }
  for (const world of accounts.all()) {
    const bytes = key === storeKey(world, sid) ? world.bytes.get(sid) : undefined;
    const media = [...world.history.all()].flatMap((message) => message.media).find((each) => each.sid === sid);
    if (!bytes || !media) continue;
    response.writeHead(200, {
      "content-type": media.contentType,
      "content-length": bytes.byteLength,
      ...(media.name !== undefined && {
        "content-disposition": `inline; filename="${media.name.replaceAll(/[^\w.-]/g, "_")}"`,
      }),
    });
    response.end(bytes);
    return;
  }
  response.writeHead(403, { "content-type": "application/xml" }).end("<Error><Code>AccessDenied</Code></Error>");
}

function storeKey({ authToken }: World, media: string): string {
  return hex("store", authToken, media);
}

function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { body, retryAfter } = bodyOf(error);
  if (retryAfter !== undefined) response.setHeader("retry-after", retryAfter);
  if (body.status === 401) response.setHeader("www-authenticate", 'Basic realm="Twilio API"');
  send(response, body.status, { ...body });
}

function send(response: ServerResponse, status: number, value: JsonObject): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
}
