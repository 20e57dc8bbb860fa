/** The Graph API's addresses, as far as the channel needs them. */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Fault, parseJsonObject } from "@switchboard/domain";
import { type Accounts, type CallKind, readBody, type Serve, underFault } from "@switchboard/simulator-kit";
import { createTemplate, deleteTemplates, listTemplates } from "../templates.ts";
import type { World } from "../world.ts";
import { APP, debugToken, phoneNumber, setWebhook, subscribedApps } from "./account.ts";
import type { Call } from "./call.ts";
import { mediaAddress, sendFile, takeFile } from "./files.ts";
import { markRead, send } from "./messages.ts";
import { badToken, noSuchObject, refusal, refusalOf } from "./refusal.ts";

const LARGEST = 101 * 1024 * 1024;

export function api(accounts: Accounts<World>): Serve {
  return (request, response) => {
    if (!/^\/(v\d+\.\d+|media-files)\//.test(request.url ?? "")) return false;
    void answer(accounts, request, response).catch((thrown: unknown) => {
      const { body, status } = refusalOf(thrown);
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
    return true;
  };
}

async function answer(accounts: Accounts<World>, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request, LARGEST);
  const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
  if (token.startsWith(`${APP}|`)) return answerApp(url, response);
  const world = accounts.byKey(token);
  if (!world) throw badToken();
  checkProof(world, url.searchParams.get("appsecret_proof"));
  const [, version = "", id = "", edge = ""] = url.pathname.split("/");
  if (version === "media-files") return sendFile(world, id, response);
  const json = parseJsonObject(body.toString()) ?? {};
  const isSend = edge === "messages" && json.status === undefined;
  const conversation = typeof json.to === "string" ? json.to : undefined;
  const kind: CallKind = isSend ? "send" : "other";
  const outcome = await underFault({
    fault: world.faults.take(kind, conversation),
    refusal: (fault) => refusalFor(fault, kind),
    run: async () => {
      const result = await perform({ world, request, url, id, edge, json, body });
      world.journal.flush();
      return result;
    },
  });
  if (outcome.kind === "cut") request.socket.destroy();
  else response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(outcome.result));
}

/** What the app itself may ask, with its own token: which fields its webhook has. */
function answerApp({ pathname }: URL, response: ServerResponse): void {
  if (!pathname.endsWith(`/${APP}/subscriptions`)) throw noSuchObject(pathname);
  const fields = [{ name: "messages", version: "v23.0" }];
  const subscription = {
    object: "whatsapp_business_account",
    callback_url: "https://example.com/",
    active: true,
    fields,
  };
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ data: [subscription] }));
}

function refusalFor({ kind }: Fault, call: CallKind): Error | undefined {
  switch (kind) {
    case "rate-limit":
      return refusal(400, 130429, "Rate limit hit", "Message failed to send because there were too many messages sent");
    case "server-error":
      return refusal(500, 131000, "Something went wrong", "Message failed to send due to an unknown error.");
    case "forbidden":
      return call === "send"
        ? refusal(400, 131026, "Message undeliverable", "Message Undeliverable.")
        : refusal(403, 10, "Application does not have permission for this action");
    case "unauthorised":
      return badToken();
    default:
      return undefined;
  }
}

function checkProof({ account }: World, given: string | null): void {
  if (given === null) return;
  const expected = createHmac("sha256", account.appSecret).update(account.token).digest();
  const actual = Buffer.from(given, "hex");
  if (actual.length === expected.length && timingSafeEqual(actual, expected)) return;
  throw refusal(400, 100, "Invalid appsecret_proof provided in the API argument");
}

async function perform(call: Call): Promise<unknown> {
  const { edge, id, json, request, url, world } = call;
  const { account } = world;
  const isPhone = account.phones.includes(id);
  const name = `${request.method} ${edge}`;
  if (id === "debug_token" && name === "GET ") return debugToken(world, url.searchParams.get("input_token"));
  if (id === account.businessAccountId && edge === "subscribed_apps") return subscribedApps(world, request.method);
  if (id === account.businessAccountId && edge === "message_templates") return templates(call);
  if (isPhone && name === "GET ") return phoneNumber(world, id, url.searchParams.get("fields") ?? "id");
  if (isPhone && name === "POST ") return setWebhook(world, id, json);
  if (isPhone && name === "POST media") return takeFile(call);
  if (isPhone && name === "POST messages") return json.status === undefined ? send(call) : markRead(call);
  if (name === "GET ") return mediaAddress(call);
  throw noSuchObject(id);
}

function templates({ json, request, url, world }: Call): unknown {
  switch (request.method) {
    case "POST":
      return createTemplate(world, json);
    case "DELETE":
      return deleteTemplates(world, url.searchParams.get("name"));
    default:
      return listTemplates(world, url.searchParams);
  }
}
