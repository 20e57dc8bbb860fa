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
  type SendAttempt,
  type SendReceipt,
  SwitchboardError,
  type Target,
} from "@switchboard/domain";
import { DiscordApi } from "./api.ts";
import { registerCommands } from "./commands.ts";
import type { DiscordConfig } from "./config.ts";
import { download } from "./files.ts";
import { Gateway } from "./gateway.ts";
import { Intake } from "./intake.ts";
import { Interactions } from "./interactions.ts";
import { type Login, login } from "./login.ts";
import { OwnMessages } from "./own-messages.ts";
import { fromPart } from "./payload.ts";
import { Places } from "./places.ts";
import { react } from "./reactions.ts";
import { deleteMessage, editMessage, findSent, type Sender, sendPayload, whisper } from "./send.ts";
import { MESSAGE_LENGTH } from "./split.ts";
import { channelOf } from "./target.ts";
import { isUpdate } from "./updates.ts";

export class DiscordConnection implements Connection {
  readonly #context: AccountContext<DiscordConfig>;
  readonly #api: DiscordApi;
  readonly #interactions: Interactions;
  readonly #own = new OwnMessages();
  readonly #intake: Intake;
  #login: Login | undefined;
  #gateway: Gateway | undefined;
  #connected = false;
  #closed = false;

  constructor(context: AccountContext<DiscordConfig>) {
    this.#context = context;
    this.#api = new DiscordApi(context.config);
    this.#interactions = new Interactions(this.#api, context);
    this.#intake = new Intake({
      context,
      interactions: this.#interactions,
      own: this.#own,
      places: new Places(this.#api, context),
      self: () => this.#login?.self,
    });
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
      store: (dispatch, at, guilds) => this.#intake.store(dispatch, at, guilds),
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
    if (isUpdate(update)) await this.#intake.store({ t: update.t, d: update.d, s: 0 }, "", new Set());
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
    const own = { known: this.#own, self: this.#login?.self.id ?? "" };
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
}
