/** The part of Discord's REST API v10 that bots need for talking, and the files' addresses. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Accounts, type CallKind, readBody, type Serve, underFault } from "@switchboard/simulator-kit";
import type { APIMessage } from "discord-api-types/v10";
import { checkChoices, checkForm, checkMessage, type MessageBody } from "./checks.ts";
import * as failure from "./failure.ts";
import { applicationOf, channelOf as channelResource, commandOf, componentsOf, ownUser } from "./resources.ts";
import { addFile } from "./world/files.ts";
import { changeMessage, postMessage, react, removeMessage } from "./world/post.ts";
import { type Channel, type Command, type Interaction, LOADING, type Message } from "./world/types.ts";
import type { World } from "./world/world.ts";

const UPLOAD = 10 * 1024 * 1024;
const LARGEST = 110 * 1024 * 1024;
const EPHEMERAL = 1 << 6;
/** A nonce is remembered for so long. */
const NONCE_MS = 5 * 60_000;
/** After that the token of an interaction that heard nothing is worth nothing. */
const FIRST_WORD_MS = 3_000;

interface Upload {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

interface Call {
  readonly world: World;
  readonly query: URLSearchParams;
  readonly json: Readonly<Record<string, unknown>> | readonly unknown[];
  readonly uploads: readonly Upload[];
}

interface Route {
  readonly method: string;
  readonly path: RegExp;
  readonly kind: CallKind;
  /** What it answers; `undefined` for 204. */
  readonly run: (call: Call, ...ids: string[]) => unknown;
}

const CHANNEL = "/channels/(\\d+)";
const ROUTES: readonly Route[] = [
  route("GET", "/users/@me", "other", ({ world }) => ownUser(world)),
  route("GET", "/applications/@me", "other", ({ world }) => applicationOf(world)),
  route("GET", "/gateway/bot", "other", ({ world }) => ({
    url: world.url().replace(/^http/, "ws"),
    shards: 1,
    session_start_limit: { total: 1000, remaining: 999, reset_after: 14_400_000, max_concurrency: 1 },
  })),
  route("PUT", "/applications/(\\d+)/commands", "other", ({ json, world }) => {
    if (!Array.isArray(json)) throw failure.invalidForm("commands", "BASE_TYPE_BAD_TYPE", "Must be a list.");
    world.keepCommands(json as Command[]);
    return world.commands.map((command) => commandOf(world, command));
  }),
  route("GET", CHANNEL, "other", ({ world }, id) => channelResource(world, channelOf(world, id))),
  route("POST", `${CHANNEL}/typing`, "other", ({ world }, id) => world.typing.start(channelOf(world, id))),
  route("POST", `${CHANNEL}/messages`, "send", create),
  route("GET", `${CHANNEL}/messages`, "other", list),
  route("GET", `${CHANNEL}/messages/(\\d+)`, "other", ({ world }, channel, id) =>
    withoutNonce(messageOf(world, channel, id).wire),
  ),
  route("PATCH", `${CHANNEL}/messages/(\\d+)`, "edit", (call, channel, id) =>
    change(call, own(call.world, messageOf(call.world, channel, id))),
  ),
  route("DELETE", `${CHANNEL}/messages/(\\d+)`, "edit", ({ world }, channel, id) =>
    removeMessage(world, own(world, messageOf(world, channel, id))),
  ),
  route("PUT", `${CHANNEL}/messages/(\\d+)/reactions/([^/]+)/@me`, "other", ownReaction(true)),
  route("DELETE", `${CHANNEL}/messages/(\\d+)/reactions/([^/]+)/@me`, "other", ownReaction(false)),
  route("POST", "/interactions/(\\d+)/([^/]+)/callback", "other", respond),
  route("PATCH", "/webhooks/(\\d+)/([^/]+)/messages/@original", "send", fillIn),
  route("DELETE", "/webhooks/(\\d+)/([^/]+)/messages/@original", "edit", ({ world }, _application, token) => {
    const { original } = interactionOf(world, token);
    if (!original || original.deleted) throw failure.unknownMessage();
    removeMessage(world, original);
  }),
  route("PATCH", "/webhooks/(\\d+)/([^/]+)/messages/(\\d+)", "edit", (call, _application, token, id) => {
    const { channel } = interactionOf(call.world, token);
    return change(call, own(call.world, messageOf(call.world, channel.id, id)));
  }),
  route("POST", "/webhooks/(\\d+)/([^/]+)", "send", followUp),
];

function ownReaction(on: boolean): Route["run"] {
  return ({ world }, channel, id, emoji = "") => {
    if (!/^(\p{RGI_Emoji}|\w{2,32}:\d+)$/v.test(emoji)) throw new failure.Refusal(400, 10014, "Unknown Emoji");
    const message = messageOf(world, channel, id);
    const has = message.reactions[emoji]?.includes(world.bot.id) ?? false;
    if (has !== on) react(world, world.bot, message, emoji);
  };
}

function route(method: string, path: string, kind: CallKind, run: Route["run"]): Route {
  return { method, path: new RegExp(`^${path}$`), kind, run };
}

export function api(accounts: Accounts<World>): Serve {
  return (request, response) => {
    const url = new URL(request.url ?? "/", "http://simulator");
    if (/^\/(attachments|stickers)\//.test(url.pathname)) return file(accounts, url.pathname, response);
    if (!url.pathname.startsWith("/api/v10/")) return false;
    const world = accounts.byKey((request.headers.authorization ?? "").replace(/^Bot /, ""));
    void answer(world, url, request, response).catch((thrown: unknown) => {
      const refusal = thrown instanceof failure.Refusal ? thrown : new failure.Refusal(500, 0, String(thrown));
      reply(response, refusal.status, refusal.body, refusal.headers);
    });
    return true;
  };
}

async function answer(world: World | undefined, url: URL, request: IncomingMessage, response: ServerResponse) {
  const body = await readBody(request, LARGEST, failure.tooLarge);
  if (!world) throw failure.unauthorised();
  const path = url.pathname.slice("/api/v10".length);
  for (const { kind, method, path: pattern, run } of ROUTES) {
    const [found, ...ids] = pattern.exec(path) ?? [];
    if (found === undefined || method !== request.method) continue;
    const call = { world, query: url.searchParams, ...(await read(request, body)) };
    world.noteCall(method, path, call.json);
    const outcome = await underFault({
      fault: world.faults.take(kind, conversationOf(world, path)),
      refusal: ({ kind: fault, retryAfterMs = 1000 }) => {
        if (fault === "rate-limit") return failure.tooFast(retryAfterMs / 1000);
        if (fault === "server-error") return new failure.Refusal(500, 0, "500: Internal Server Error");
        if (fault === "forbidden") return failure.missingAccess();
        return fault === "unauthorised" ? failure.unauthorised() : undefined;
      },
      run: () => {
        const result = run(call, ...ids.map(decodeURIComponent));
        world.journal.flush();
        return result;
      },
    });
    if (outcome.kind === "cut") return void request.socket.destroy();
    return reply(response, outcome.result === undefined ? 204 : 200, outcome.result);
  }
  throw failure.notFound();
}

function reply(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { ...headers, ...(body !== undefined && { "content-type": "application/json" }) });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

async function read(request: IncomingMessage, body: Buffer): Promise<Pick<Call, "json" | "uploads">> {
  const type = request.headers["content-type"] ?? "";
  if (!type.startsWith("multipart/")) return { json: parsed(body.toString()), uploads: [] };
  const form = await new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData();
  const uploads: Upload[] = [];
  for (const [name, value] of form) {
    if (!/^files\[\d+\]$/.test(name) || typeof value === "string") continue;
    const bytes = new Uint8Array(await value.arrayBuffer());
    if (bytes.byteLength > UPLOAD) throw failure.tooLarge();
    uploads.push({ name: value.name, type: value.type, bytes });
  }
  return { json: parsed(String(form.get("payload_json") ?? "{}")), uploads };
}

function parsed(text: string): Call["json"] {
  try {
    return text === "" ? {} : (JSON.parse(text) as Call["json"]);
  } catch {
    throw new failure.Refusal(400, 50109, "The request body contains invalid JSON.");
  }
}

function conversationOf(world: World, path: string): string | undefined {
  const id = /^\/channels\/(\d+)/.exec(path)?.[1];
  return id === undefined ? undefined : (world.channels.get(id)?.parent ?? id);
}

function channelOf(world: World, id = ""): Channel {
  const found = world.channels.get(id);
  if (!found) throw failure.unknownChannel();
  return found;
}

function messageOf(world: World, channel = "", id = ""): Message {
  channelOf(world, channel);
  const found = world.byMessage.get(id);
  if (!found || found.deleted || found.wire.channel_id !== channel) throw failure.unknownMessage();
  return found;
}

function own(world: World, message: Message): Message {
  if (message.wire.author.id !== world.bot.id) throw failure.foreignMessage();
  return message;
}

function interactionOf(world: World, token = ""): Interaction {
  const found = world.interactions.find(token);
  if (!found) throw failure.unknownWebhook();
  return found;
}

/** The fields of a message that a call sets. */
function wireOf({ json, uploads, world }: Call, channel: Channel): Partial<APIMessage> {
  const { components, content, flags, nonce } = json as MessageBody;
  return {
    ...(typeof content === "string" && { content: content.trim() }),
    ...(Array.isArray(components) && { components: componentsOf(components) as APIMessage["components"] }),
    ...(typeof flags === "number" && { flags }),
    ...(nonce !== undefined && { nonce: nonce as string }),
    ...(uploads.length > 0 && {
      attachments: uploads.map(({ bytes, name, type }) =>
        addFile(world, channel, name, type, bytes),
      ) as APIMessage["attachments"],
    }),
  } as Partial<APIMessage>;
}

function create(call: Call, id = ""): APIMessage {
  const { world } = call;
  const channel = channelOf(world, id);
  const body = call.json as MessageBody;
  checkMessage(body, call.uploads.length, false);
  const { enforce_nonce, message_reference: reference, nonce } = body;
  if (enforce_nonce === true && nonce !== undefined) {
    const known = world.byNonce(String(nonce));
    if (known && Date.now() - Date.parse(known.wire.timestamp) < NONCE_MS) return known.wire;
  }
  const original = reference ? world.byMessage.get(String(reference.message_id)) : undefined;
  if (reference && !original && reference.fail_if_not_exists !== false) {
    throw failure.invalidForm("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message");
  }
  const wire = {
    ...wireOf(call, channel),
    ...(original && {
      type: 19,
      message_reference: { type: 0, channel_id: channel.id, message_id: original.wire.id },
      referenced_message: original.wire,
    }),
  };
  return postMessage(world, { channel, author: world.bot, wire: wire as Partial<APIMessage> }).wire;
}

/** Discord tells the nonce in its answer and over the gateway, and does not keep it with the message. */
function withoutNonce({ nonce: _, ...wire }: APIMessage): APIMessage {
  return wire as APIMessage;
}

function list({ query, world }: Call, id = ""): APIMessage[] {
  const channel = channelOf(world, id);
  const after = BigInt(query.get("after") ?? "0");
  const limit = Number(query.get("limit") ?? "50");
  if (!(limit >= 1 && limit <= 100))
    throw failure.invalidForm("limit", "NUMBER_TYPE_MAX", "int value should be less than or equal to 100.");
  return [...world.history.all()]
    .filter(({ deleted, onlyFor, wire }) => wire.channel_id === channel.id && !deleted && onlyFor === undefined)
    .map(({ wire }) => withoutNonce(wire))
    .filter((wire) => BigInt(wire.id) > after)
    .slice(0, limit)
    .reverse();
}

function change(call: Call, message: Message): APIMessage {
  checkMessage(call.json as MessageBody, call.uploads.length, true);
  const { flags: _, ...wire } = wireOf(call, call.world.channel(message.wire.channel_id));
  changeMessage(call.world, message, wire);
  return message.wire;
}

/** The first word on an interaction: 4 a message, 5 later, 6 later without a word, 7 a change, 8 suggestions, 9 a form. */
function respond(call: Call, id = "", token = ""): undefined {
  const { world } = call;
  const interaction = world.interactions.find(token);
  if (!interaction || interaction.id !== id) throw failure.unknownInteraction();
  if (interaction.responded) throw new failure.Refusal(400, 40060, "Interaction has already been acknowledged.");
  const { data = {}, type } = call.json as {
    readonly type?: number;
    readonly data?: MessageBody & Record<string, unknown>;
  };
  const inner: Call = { ...call, json: data };
  if (type === 4) checkMessage(data, call.uploads.length, false);
  if (type === 9) checkForm(data);
  if (Date.now() - interaction.at > FIRST_WORD_MS) throw failure.unknownInteraction();
  interaction.responded = true;
  world.unconfirmed.delete(interaction.id);
  interaction.ephemeral = (Number(data.flags ?? 0) & EPHEMERAL) !== 0;
  if (type === 4) interaction.original = postAnswer(inner, interaction, {});
  else if (type === 5) interaction.original = postAnswer(inner, interaction, { content: "", flags: LOADING });
  else if (type === 7 && interaction.message) change(inner, interaction.message);
  else if (type === 8) interaction.choices = checkChoices(data.choices);
  else if (type === 9) openForm(world, interaction, data);
  world.changes.tell({ kind: "answer", query: interaction.id });
  return undefined;
}

function openForm(world: World, interaction: Interaction, data: Readonly<Record<string, unknown>>): void {
  const labels = checkForm(data);
  const fields = labels.map(({ component, label }) => ({
    name: String(component.custom_id),
    label: String(label),
    long: component.style === 2,
    optional: component.required === false,
  }));
  const form = { id: interaction.token, title: String(data.title), customId: String(data.custom_id), fields };
  world.changes.tell({ kind: "form", person: interaction.person, form });
}

function postAnswer(call: Call, interaction: Interaction, wire: Partial<APIMessage>): Message {
  const { world } = call;
  const { channel, ephemeral, person } = interaction;
  const made = wireOf(call, channel);
  const flags = (made.flags ?? 0) | (wire.flags ?? 0);
  const isPrivate = ephemeral || (flags & EPHEMERAL) !== 0;
  return postMessage(world, {
    channel,
    author: world.bot,
    wire: { type: 20, ...made, ...wire, flags } as Partial<APIMessage>,
    ...(isPrivate && { onlyFor: person.user.id }),
  });
}

function fillIn(call: Call, _application = "", token = ""): APIMessage {
  const interaction = interactionOf(call.world, token);
  const message = interaction.original ?? interaction.message;
  if (!message || message.deleted) throw failure.unknownMessage();
  checkMessage(call.json as MessageBody, call.uploads.length, true);
  const { flags: _, ...wire } = wireOf(call, interaction.channel);
  const wasLoading = ((message.wire.flags ?? 0) & LOADING) !== 0;
  changeMessage(
    call.world,
    message,
    { ...wire, flags: (message.wire.flags ?? 0) & ~LOADING } as Partial<APIMessage>,
    !wasLoading,
  );
  return message.wire;
}

function followUp(call: Call, _application = "", token = ""): APIMessage {
  const interaction = interactionOf(call.world, token);
  if (!interaction.responded) throw failure.unknownWebhook();
  checkMessage(call.json as MessageBody, call.uploads.length, false);
  return postAnswer(call, { ...interaction, ephemeral: false }, {}).wire;
}

function file(accounts: Accounts<World>, path: string, response: ServerResponse): boolean {
  const [, id] = /^\/(?:attachments\/\d+|stickers)\/(\d+)/.exec(path) ?? [];
  for (const world of accounts.all()) {
    const stored = id === undefined ? undefined : world.files.get(id);
    const bytes = stored && world.bytes.get(stored.id);
    if (!stored || !bytes) continue;
    response.writeHead(200, { "content-type": stored.mimeType, "content-length": bytes.byteLength }).end(bytes);
    return true;
  }
  response.writeHead(404).end();
  return true;
}
