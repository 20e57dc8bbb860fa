/** One bot's live tie to Discord. */
import {
  type AccountContext,
  type Connected,
  type Connection,
  type Evidence,
  type Json,
  type MediaStream,
  type MessageId,
  type OutboundPart,
  type SelfIdentity,
  type SendAttempt,
  type SendReceipt,
  SwitchboardError,
  type Target,
} from "@switchboard/domain";
import { DiscordApi } from "./api.ts";
import { registerCommands } from "./commands.ts";
import type { DiscordConfig } from "./config.ts";
import { isUpdate, split, type Update } from "./dispatches.ts";
import { download } from "./files.ts";
import { Gateway } from "./gateway.ts";
import { Heard } from "./heard.ts";
import { channelOf } from "./ids.ts";
import { INTERACTION } from "./interaction-events.ts";
import { Interactions } from "./interactions.ts";
import { type Login, login } from "./login.ts";
import { fromPart } from "./outbound.ts";
import { Places } from "./places.ts";
import { react } from "./reactions.ts";
import { deleteMessage, editMessage, findSent, type Sender, sendPayload, whisper } from "./send.ts";
import type { Dispatch } from "./shard.ts";
import { MESSAGE_LENGTH } from "./split.ts";

export class DiscordConnection implements Connection {
  readonly #context: AccountContext<DiscordConfig>;
  readonly #api: DiscordApi;
  readonly #interactions: Interactions;
  readonly #places: Places;
  readonly #heard = new Heard();
  #login: Login | undefined;
  #gateway: Gateway | undefined;
  #connected = false;
  #closed = false;

  constructor(context: AccountContext<DiscordConfig>) {
    this.#context = context;
    this.#api = new DiscordApi(context.config);
    this.#interactions = new Interactions(this.#api, context);
    this.#places = new Places(this.#api, context);
  }

  async connect(): Promise<Connected> {
    const context = this.#context;
    const found = await login(this.#api, context);
    if (this.#closed) throw new SwitchboardError("SYS_001");
    this.#login = found;
    const gateway = new Gateway({
      context,
      login: found,
      lost: (error) => this.#lost(error),
      store: (dispatch, at, guilds) => this.#store(dispatch, at, guilds),
    });
    this.#gateway = gateway;
    await registerCommands(this.#api, context, found.application);
    try {
      await gateway.connect();
    } catch (thrown) {
      await gateway.close();
      throw thrown;
    }
    this.#connected = !this.#closed;
    const note = found.hints.join(" ");
    return { self: found.self, transport: "websocket", ...(note !== "" && { note }) };
  }

  async disconnect(): Promise<void> {
    this.#closed = true;
    this.#connected = false;
    await this.#gateway?.close();
  }

  isConnected(): boolean {
    return this.#connected && !this.#context.signal.aborted;
  }

  async send(target: Target, part: OutboundPart, attempt: SendAttempt): Promise<SendReceipt> {
    return sendPayload(this.#sender(), target, fromPart(part), attempt);
  }

  async edit(target: Target, message: MessageId, part: OutboundPart, signal: AbortSignal): Promise<void> {
    await editMessage(this.#sender(), target, message, fromPart(part), signal);
  }

  async remove(target: Target, message: MessageId, signal: AbortSignal): Promise<void> {
    await deleteMessage(this.#sender(), target, message, signal);
  }

  async react(target: Target, message: MessageId, emoji: string | undefined, signal: AbortSignal): Promise<void> {
    await react({ api: this.#api, memory: this.#context.memory }, target, message, emoji, signal);
  }

  async typing(target: Target, signal: AbortSignal): Promise<void> {
    await this.#api.call({ method: "POST", path: `/channels/${channelOf(target)}/typing`, what: "typing", signal });
  }

  /** Discord was told that an answer comes when the event was stored; here is only what the person gets to read. */
  async acknowledge(callback: string, note?: string): Promise<void> {
    const text = note?.trim().slice(0, MESSAGE_LENGTH).toWellFormed();
    if (text) await whisper(this.#sender(), callback, text, this.#context.signal);
  }

  /** Interactions over HTTP go the way of those that the gateway brings. */
  async interact(update: unknown): Promise<void> {
    if (isUpdate(update)) await this.#store({ t: update.t, d: update.d, s: 0 }, "", new Set());
  }

  async download(ref: Json, signal: AbortSignal): Promise<MediaStream> {
    return download(this.#api, this.#context.config, ref, signal);
  }

  async probe(signal: AbortSignal): Promise<Evidence> {
    await this.#api.call({ method: "GET", path: "/users/@me", what: "who am I", signal });
    return { kind: "probe", at: Date.now() };
  }

  async reconcile(
    target: Target,
    part: OutboundPart,
    attempt: { readonly deliveryId: string; readonly startedAt: number },
    signal: AbortSignal,
  ): Promise<{ readonly arrived: SendReceipt | false } | undefined> {
    // What went through an interaction is not to be found like this.
    if (target.callback !== undefined && (await this.#interactions.pending(target.callback)) !== undefined)
      return undefined;
    const own = { known: this.#heard, self: this.#login?.self.id ?? "" };
    return findSent(this.#sender(), own, target, fromPart(part), attempt, signal);
  }

  #sender(): Sender {
    if (!this.#login) throw new SwitchboardError("CONN_001", "The account is not connected.", { scope: "account" });
    const { application } = this.#login;
    return { api: this.#api, context: this.#context, interactions: this.#interactions, application };
  }

  #lost(error: unknown): void {
    this.#connected = false;
    this.#context.lost(error);
  }

  /** Stores a dispatch, and only then confirms what Discord waits for. */
  async #store({ d, t }: Dispatch, at: string, guilds: ReadonlySet<string>): Promise<void> {
    this.#places.learn(t, d);
    const data = (typeof d === "object" && d !== null && !Array.isArray(d) ? d : { value: d }) as Update["d"];
    // Discord lists the servers again with every new session; the bot joined those long ago.
    if (t === "GUILD_CREATE" && guilds.has(String(data.id))) return;
    // Discord repeats to the bot what the bot did. There is nothing to do about it but to know that it arrived.
    if (OWN.has(t) && isBy(data, this.#login?.self)) return this.#heard.note(data);
    const isInteraction = t === "INTERACTION_CREATE";
    if (isInteraction && data.type === INTERACTION.autocomplete) return void this.#interactions.suggest(data);
    if (isInteraction && this.#interactions.wantsForm(data)) return void this.#interactions.openForm(data);
    const place = await this.#places.of(data);
    const stored = isInteraction ? await this.#interactions.admit(data) : data;
    const update: Update = { t, d: stored, at, ...(place && { place }) };
    await this.#context.receive(split(update, this.#login ? { self: this.#login.self } : {}));
    if (isInteraction) void this.#interactions.defer(data);
  }
}

const OWN: ReadonlySet<string> = new Set([
  "MESSAGE_CREATE",
  "MESSAGE_UPDATE",
  "MESSAGE_REACTION_ADD",
  "MESSAGE_REACTION_REMOVE",
]);

function isBy({ author, user_id }: Update["d"], self: SelfIdentity | undefined): boolean {
  if (!self) return false;
  return user_id === self.id || (author as { readonly id?: unknown } | null | undefined)?.id === self.id;
}
