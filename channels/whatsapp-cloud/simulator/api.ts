/** The Graph API's addresses, as far as the channel needs them. */
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Fault, parseJsonObject } from "@switchboard/domain";
import { type Accounts, type CallKind, readBody, type Serve, underFault } from "@switchboard/simulator-kit";
import { ATTACHMENTS } from "../src/attachments.ts";
import { checkMessage } from "./checks.ts";
import { tellStatus } from "./events.ts";
import { readForm } from "./multipart.ts";
import { newMedia } from "./people.ts";
import { badToken, invalid, noSuchObject, refusal, refusalOf } from "./refusal.ts";
import { checkTemplate, createTemplate, deleteTemplates, listTemplates } from "./templates.ts";
import { DISPLAY_NUMBER, isOpen, keepAccount, type Message, post, type World } from "./world.ts";

/** "The URL is only valid for 5 minutes": the description of GET /<media id>. */
const ADDRESS_MS = 5 * 60_000;
const LARGEST = 101 * 1024 * 1024;
/** Every business here uses the same app. */
const APP = "670843887433847";
/** Of an override: https://developers.facebook.com/docs/whatsapp/embedded-signup/webhooks/override */
const LONGEST_ADDRESS = 200;

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

interface Call {
  readonly world: World;
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly id: string;
  readonly edge: string;
  readonly json: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
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

function debugToken({ account, name }: World, token: string | null) {
  const known = token === account.token;
  return {
    data: {
      app_id: APP,
      application: name,
      type: "SYSTEM_USER",
      expires_at: 0,
      is_valid: known,
      scopes: known ? ["whatsapp_business_management", "whatsapp_business_messaging"] : [],
    },
  };
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

function subscribedApps(world: World, method = "GET") {
  const { account } = world;
  if (method === "POST") {
    account.subscribed = true;
    keepAccount(world);
    return { success: true };
  }
  const app = { whatsapp_business_api_data: { id: APP, name: world.name } };
  return { data: account.subscribed ? [app] : [] };
}

function phoneNumber({ account, name }: World, id: string, wanted: string) {
  const url = account.callbacks[id];
  const all: Readonly<Record<string, unknown>> = {
    display_phone_number: `+${DISPLAY_NUMBER}`,
    verified_name: name,
    quality_rating: "GREEN",
    code_verification_status: "VERIFIED",
    webhook_configuration: { ...(url !== undefined && { phone_number: url }), application: "https://example.com/" },
  };
  const chosen = Object.entries(all).filter(([field]) => wanted.split(",").includes(field));
  return { ...Object.fromEntries(chosen), id };
}

/** Meta asks the address for its challenge before it takes it. */
async function setWebhook(world: World, phone: string, json: Call["json"]) {
  const { override_callback_uri: uri, verify_token: token } = (json.webhook_configuration ?? {}) as {
    override_callback_uri?: string;
    verify_token?: string;
  };
  if (typeof uri !== "string" || !URL.canParse(uri) || uri.length > LONGEST_ADDRESS) {
    throw invalid("webhook_configuration[override_callback_uri]");
  }
  if (!world.account.subscribed) {
    throw refusal(
      400,
      100,
      "Before override the current callback uri, your app must be subscribed to receive messages for WhatsApp Business Account.",
    );
  }
  const challenge = String(randomUUID()).replace(/\D/g, "").slice(0, 10);
  const asked = new URL(uri);
  asked.searchParams.set("hub.mode", "subscribe");
  asked.searchParams.set("hub.challenge", challenge);
  asked.searchParams.set("hub.verify_token", String(token ?? ""));
  const heard = await fetch(asked, { signal: AbortSignal.timeout(10_000) }).then(
    async (answered) => (answered.ok ? await answered.text() : `HTTP ${answered.status}`),
    () => "no answer",
  );
  if (heard !== challenge) {
    throw refusal(
      400,
      2200,
      "Callback verification failed",
      `The callback did not answer with the challenge: ${heard}`,
    );
  }
  world.account.callbacks = { ...world.account.callbacks, [phone]: uri };
  keepAccount(world);
  world.webhook.start();
  return { success: true };
}

function takeFile({ body, request, world }: Call) {
  const parts = readForm(body, request.headers["content-type"]);
  const field = (name: string) => parts.find((part) => part.name === name)?.bytes.toString();
  const file = parts.find(({ name }) => name === "file");
  if (field("messaging_product") !== "whatsapp") throw invalid("The parameter messaging_product is required.");
  if (!file?.type) throw invalid("The parameter file is required.");
  if (field("type") !== file.type) throw invalid("Param file must be a file of the type that is told.");
  return { id: newMedia(world, file.bytes, file.type, file.fileName).id };
}

function mediaAddress({ id, request, world }: Call) {
  const media = world.media.get(id);
  if (!media) throw noSuchObject(id);
  const address = randomUUID();
  world.addresses.set(address, { media: id, expiresAt: Date.now() + ADDRESS_MS });
  return {
    url: `http://${request.headers.host}/media-files/${address}`,
    mime_type: media.mimeType,
    sha256: media.sha256,
    file_size: String(media.size),
    id,
    messaging_product: "whatsapp",
  };
}

function sendFile(world: World, name: string, response: ServerResponse): void {
  const address = world.addresses.get(name);
  const bytes = address && address.expiresAt > Date.now() ? world.bytes.get(address.media) : undefined;
  if (!address || !bytes) {
    response.writeHead(404).end();
    return;
  }
  const type = world.media.get(address.media)?.mimeType ?? "application/octet-stream";
  response.writeHead(200, { "content-type": type, "content-length": bytes.byteLength }).end(bytes);
}

function send({ id: phone, json, world }: Call) {
  const checked = checkMessage(json);
  const { content, delivery, replyTo, to, type } = checked;
  if (replyTo !== undefined && !world.byId.has(replyTo)) throw invalid("Invalid context message_id");
  if (type === "reaction") return ownReaction(world, to, content);
  if (type === "template") checkTemplate(world, content);
  if (type in ATTACHMENTS) checkFile(world, type as keyof typeof ATTACHMENTS, String(content.id));
  const person = world.people.byId(to);
  const message = post(world, {
    chat: to,
    phone,
    fromAccount: true,
    type,
    content,
    ...(replyTo !== undefined && { replyTo }),
    ...(delivery !== undefined && { delivery }),
  });
  world.typing.stop(to);
  if (!person) {
    tellStatus(world, message, "failed", [{ code: 131026, title: "Message undeliverable" }]);
  } else if (type !== "template" && !isOpen(person)) {
    const details =
      "Message failed to send because more than 24 hours have passed since the customer last replied to this number.";
    const error = {
      code: 131047,
      title: "Re-engagement message",
      message: "Re-engagement message",
      error_data: { details },
    };
    tellStatus(world, message, "failed", [error]);
  } else {
    tellStatus(world, message, "sent");
    tellStatus(world, message, "delivered");
  }
  return {
    messaging_product: "whatsapp",
    contacts: [{ input: to, wa_id: to }],
    messages: [{ id: message.id, message_status: "accepted" }],
  };
}

/** The business's own reaction; there is one of it at most. */
function ownReaction(world: World, to: string, { emoji, message_id: id }: Message["content"]) {
  const message = world.byId.get(String(id));
  if (message?.chat !== to) throw refusal(400, 131009, "Parameter value is not valid", "Invalid message_id");
  const { account: _before, ...others } = message.reactions;
  message.reactions = emoji === "" ? others : { ...others, account: String(emoji) };
  world.history.keep(message);
  world.changes.tell({ kind: "message", message });
  const own = `wamid.${Buffer.from(`${world.account.phones[0]}:${world.numbers.next()}`).toString("base64")}`;
  return { messaging_product: "whatsapp", contacts: [{ input: to, wa_id: to }], messages: [{ id: own }] };
}

/** Meta looks at the file when it is used. */
function checkFile(world: World, kind: keyof typeof ATTACHMENTS, id: string): void {
  const media = world.media.get(id);
  if (!media) throw invalid(`Media ID ${id} does not exist`);
  const { maxBytes = 0, types } = ATTACHMENTS[kind] ?? {};
  const [type = ""] = media.mimeType.split(";");
  if (media.size > maxBytes || (types && !types.includes(type))) {
    throw refusal(400, 131053, "Media upload error", `Unsupported ${kind}: ${media.mimeType}, ${media.size} bytes`);
  }
}

function markRead({ json, world }: Call) {
  const message = world.byId.get(String(json.message_id));
  if (json.status !== "read" || !message || message.fromAccount) throw invalid("Invalid message_id");
  if (json.typing_indicator !== undefined) world.typing.start(message.chat);
  return { success: true };
}
