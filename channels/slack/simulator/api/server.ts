/** The Web API and the addresses beside it: uploads, files, answers to interactions. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { parseJsonObject } from "@switchboard/domain";
import { type Accounts, readBody, type Serve, type Upgrade, underFault } from "@switchboard/simulator-kit";
import type { World } from "../world/world.ts";
import { answered, chatMethods } from "./chat.ts";
import { conversationMethods } from "./conversations.ts";
import { fileMethods } from "./files.ts";
import type { Method } from "./method.ts";
import { authorize } from "./oauth.ts";
import { otherMethods } from "./others.ts";
import { readParams } from "./params.ts";
import { ApiRefusal, asRefusal, faultRefusal, invalid, missingScope } from "./refusal.ts";

/** By name. */
export const methods: Readonly<Record<string, Method>> = {
  ...chatMethods,
  ...conversationMethods,
  ...fileMethods,
  ...otherMethods,
};

const LARGEST_FILE = 1024 * 1024 * 1024;
const LARGEST_ANSWER = 1024 * 1024;

/** `letIn`: opens a workspace in which the app of another one is. */
export function serveApi(accounts: Accounts<World>, letIn: (workspace: string, app: World) => World): Serve {
  return (request, response) => {
    const [, area = "", rest = ""] =
      /^\/(api|upload\/v1|files-pri|actions|oauth)\/([^?]*)/.exec(request.url ?? "") ?? [];
    const work: Promise<void> | undefined =
      area === "api"
        ? serveCall(accounts, rest, request, response)
        : area === "upload/v1"
          ? takeUpload(accounts, rest, request, response)
          : area === "files-pri"
            ? serveFile(accounts, rest, request, response)
            : area === "actions"
              ? takeAnswer(accounts, rest, request, response)
              : area === "oauth" && rest === "v2/authorize"
                ? authorize(accounts, letIn, request, response)
                : undefined;
    work?.catch((error: unknown) => refuse(response, asRefusal(error)));
    return work !== undefined;
  };
}

export function upgradeSockets(accounts: Accounts<World>): Upgrade {
  return (request, socket, head) => {
    const url = new URL(request.url ?? "", "http://simulator");
    const ticket = url.searchParams.get("ticket") ?? "";
    const taken =
      url.pathname === "/link/" && accounts.all().some(({ sockets }) => sockets.upgrade(ticket, request, socket, head));
    if (!taken) socket.end("HTTP/1.1 408 Request Timeout\r\nconnection: close\r\n\r\n");
  };
}

async function serveCall(
  accounts: Accounts<World>,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const params = await readParams(request);
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (!method) throw new ApiRefusal("unknown_method", { req_method: name });
  const { token } = params;
  const all = accounts.all();
  const client = params.text("client_id");
  const world = all.find(({ app }) =>
    method.token === "none"
      ? app.clientId === client
      : token !== undefined && token === (method.token === "app" ? app.appToken : app.botToken),
  );
  if (!world) {
    if (method.token === "none") throw new ApiRefusal("invalid_client_id");
    const isOther = all.some(({ app }) => token === app.appToken || token === app.botToken);
    throw new ApiRefusal(token === undefined ? "not_authed" : isOther ? "not_allowed_token_type" : "invalid_auth");
  }
  const { app, faults, journal, settings } = world;
  if (method.token === undefined && app.expiresAt !== undefined && app.expiresAt <= Date.now()) {
    throw new ApiRefusal("token_expired");
  }
  settings.onCall(name, params.all);
  const channel = params.text("channel") ?? params.text("channel_id");
  const outcome = await underFault({
    fault: faults.take(method.kind, channel),
    refusal: faultRefusal,
    run: () => {
      const [needed] = method.scopes ?? [];
      if (needed !== undefined && !method.scopes?.some((scope) => settings.scopes.includes(scope))) {
        throw missingScope(needed, settings.scopes);
      }
      const unknown = params.names.filter((field) => field !== "team_id" && !method.fields.includes(field));
      if (unknown.length > 0) throw invalid("invalid_arguments", `unknown field: ${unknown.join(", ")}`);
      const result = method.run({ world, params });
      journal.flush();
      return result;
    },
  });
  if (outcome.kind === "cut") {
    request.socket.destroy();
    return;
  }
  const headers = {
    "x-oauth-scopes": settings.scopes.join(","),
    "x-accepted-oauth-scopes": method.scopes?.join(",") ?? "",
  };
  write(response, 200, { ok: true, ...outcome.result }, headers);
}

async function takeUpload(
  accounts: Accounts<World>,
  place: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [team, id = ""] = place.split("/");
  const world = accounts.all().find(({ app }) => app.team === team);
  const ticket = world?.files.ticket(id);
  const bytes = await readBody(request, LARGEST_FILE);
  if (!ticket) {
    response.writeHead(404).end();
    return;
  }
  if (bytes.byteLength !== ticket.length) {
    response.writeHead(400, { "content-type": "text/plain" }).end("length does not match");
    return;
  }
  ticket.bytes = new Uint8Array(bytes);
  response.writeHead(200, { "content-type": "text/plain" }).end(`OK - ${bytes.byteLength}`);
}

async function serveFile(
  accounts: Accounts<World>,
  place: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [, team, id = ""] = /^(T[A-Z0-9]+)-(F[A-Z0-9]+)\//.exec(place) ?? [];
  const world = accounts.all().find(({ app }) => app.team === team);
  const isAllowed = world && request.headers.authorization === `Bearer ${world.app.botToken}`;
  // Whoever may not read files sees the page on which people sign in.
  if (!world || !isAllowed || !world.settings.scopes.includes("files:read")) {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end("<title>Sign in</title>");
    return;
  }
  const file = world.files.byId(id);
  const bytes = file && world.files.bytes(file);
  if (!bytes) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { "content-type": file.mimeType, "content-length": bytes.byteLength }).end(bytes);
}

/** `response_url`. */
async function takeAnswer(
  accounts: Accounts<World>,
  place: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = parseJsonObject((await readBody(request, LARGEST_ANSWER)).toString("utf8"));
  const [team, secret = ""] = place.split("/");
  const world = accounts.all().find(({ app }) => app.team === team);
  const interaction = world?.answers.find(secret);
  const channel = interaction && world?.channels.get(interaction.channel);
  if (!world || !interaction || !channel || interaction.answers <= 0) {
    write(response, 404, { ok: false, error: interaction ? "used_url" : "expired_url" });
    return;
  }
  if (!body) throw new ApiRefusal("invalid_payload", {}, 400);
  const outcome = await underFault({
    fault: world.faults.take("send", channel.id),
    refusal: faultRefusal,
    run: () => {
      interaction.answers -= 1;
      answered(world, channel, interaction, body);
      world.journal.flush();
      return true;
    },
  });
  if (outcome.kind === "cut") request.socket.destroy();
  else write(response, 200, { ok: true });
}

function refuse(response: ServerResponse, { extra, headers, status, word }: ApiRefusal): void {
  if (response.headersSent || response.destroyed) response.destroy();
  else write(response, status, { ok: false, error: word, ...extra }, headers);
}

function write(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = JSON.stringify(value);
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}
