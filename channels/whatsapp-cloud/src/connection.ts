/** One account's tie to WhatsApp. It holds no socket: events come by the webhook, everything else is a call. */
import {
  type AccountContext,
  type Connected,
  type Connection,
  type Evidence,
  type Json,
  type JsonObject,
  type MediaStream,
  type MessageId,
  type OutboundPart,
  type RawEvent,
  type SendAttempt,
  type SendReceipt,
  SwitchboardError,
  type Target,
} from "@switchboard/domain";
import { act } from "./actions.ts";
import { GraphApi } from "./api.ts";
import type { WhatsAppConfig } from "./config.ts";
import { download } from "./files.ts";
import { addressOf } from "./ids.ts";
import { login } from "./login.ts";
import { Outcomes } from "./outcomes.ts";
import { numberFor, sendPart } from "./send.ts";
import { isOwn } from "./updates.ts";
import { Window } from "./window.ts";

export class WhatsAppConnection implements Connection {
  readonly #context: AccountContext<WhatsAppConfig>;
  readonly #api: GraphApi;
  readonly #window: Window;
  readonly #outcomes: Outcomes;
  #connected = false;

  constructor(context: AccountContext<WhatsAppConfig>) {
    this.#context = context;
    this.#api = new GraphApi(context.config);
    this.#window = new Window(context.memory);
    this.#outcomes = new Outcomes(context);
  }

  async connect(): Promise<Connected> {
    const { signal } = this.#context;
    const { hints, self } = await login(this.#api, this.#context);
    if (signal.aborted) throw new SwitchboardError("SYS_001", "The account was stopped.");
    this.#connected = true;
    return { self, transport: "webhook", ...(hints.length > 0 && { note: hints.join(" ") }) };
  }

  /** The webhook stays: what comes meanwhile waits at Meta, for up to seven days. */
  async disconnect(): Promise<void> {
    this.#connected = false;
  }

  isConnected(): boolean {
    return this.#connected && !this.#context.signal.aborted;
  }

  async stored(events: readonly RawEvent[]): Promise<void> {
    const own = events.filter(({ payload }) => isOwn(payload, this.#context.config));
    await this.#window.note(own);
    await this.#outcomes.note(own);
  }

  send(target: Target, part: OutboundPart, attempt: SendAttempt): Promise<SendReceipt> {
    return sendPart({ api: this.#api, context: this.#context, window: this.#window }, target, part, attempt);
  }

  async typing({ conversation }: Target, signal: AbortSignal): Promise<void> {
    const last = await this.#window.lastMessage(conversation);
    if (last === undefined) return;
    await this.#api.call({
      method: "POST",
      path: `${numberFor(this.#context.config, conversation)}/messages`,
      // It also marks the message as read.
      body: { messaging_product: "whatsapp", status: "read", message_id: last, typing_indicator: { type: "text" } },
      signal,
    });
  }

  async react(
    { conversation }: Target,
    message: MessageId,
    emoji: string | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    await this.#api.call({
      method: "POST",
      path: `${numberFor(this.#context.config, conversation)}/messages`,
      body: {
        messaging_product: "whatsapp",
        recipient_type: "individual",
        to: addressOf(conversation).person,
        type: "reaction",
        reaction: { message_id: message, emoji: emoji ?? "" },
      },
      signal,
    });
  }

  async probe(signal: AbortSignal): Promise<Evidence> {
    const { phoneNumberId } = this.#context.config;
    await this.#api.call({ method: "GET", path: phoneNumberId, query: { fields: "id,quality_rating" }, signal });
    return { kind: "probe", at: Date.now() };
  }

  act(action: string, params: JsonObject, signal: AbortSignal): Promise<JsonObject> {
    return act(this.#api, this.#context.config.businessAccountId, action, params, signal);
  }

  download(ref: Json, signal: AbortSignal): Promise<MediaStream> {
    return download(this.#api, ref, this.#context.config, signal);
  }

  async reconcile(
    _target: Target,
    _part: OutboundPart,
    { deliveryId }: { readonly deliveryId: string },
    signal: AbortSignal,
  ): Promise<{ readonly arrived: SendReceipt } | undefined> {
    const id = await this.#outcomes.of(deliveryId, this.#context.config.reconcileMs, signal);
    return id === undefined ? undefined : { arrived: { messageIds: [id] } };
  }
}
