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
import type { WhatsAppConfig } from "./config.ts";
import { metaCode, WINDOW_ACTION, WINDOW_CLOSED } from "./errors.ts";
import { download, mediaField, upload } from "./files.ts";
import { GraphApi } from "./graph.ts";
import { addressOf, messageId } from "./ids.ts";
import { fields, items, text } from "./json.ts";
import { login } from "./login.ts";
import { type Content, messageBody } from "./messages.ts";
import { Outcomes } from "./outcomes.ts";
import { fromPart, type Payload } from "./payload.ts";
import { template } from "./template.ts";
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

  async heard(events: readonly RawEvent[]): Promise<void> {
    const own = events.filter(({ payload }) => isOwn(payload, this.#context.config));
    await this.#window.note(own);
    await this.#outcomes.note(own);
  }

  async send(target: Target, part: OutboundPart, attempt: SendAttempt): Promise<SendReceipt> {
    if (attempt.signal.aborted) throw new SwitchboardError("SYS_001", "The send was stopped before it began.");
    const payload = fromPart(part);
    const free = payload.type !== "template";
    if (free && (await this.#isOutside(target.conversation))) return this.#sendOutside(target, part, payload, attempt);
    const content = await this.#content(target, payload, attempt.signal);
    try {
      return await this.#post(target, payload, content, attempt);
    } catch (thrown) {
      if (!free || metaCode(thrown) !== WINDOW_CLOSED || !this.#context.config.outsideWindow) throw thrown;
      return this.#sendOutside(target, part, payload, attempt);
    }
  }

  async typing({ conversation }: Target, signal: AbortSignal): Promise<void> {
    const last = await this.#window.lastMessage(conversation);
    if (last === undefined) return;
    await this.#api.call({
      method: "POST",
      path: `${this.#from(conversation)}/messages`,
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
      path: `${this.#from(conversation)}/messages`,
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

  /** Of somebody who never wrote here Meta knows more than the notes do: without a template to send it is asked. */
  async #isOutside(conversation: Target["conversation"]): Promise<boolean> {
    const state = await this.#window.state(conversation);
    return state === "closed" || (state === "unknown" && this.#context.config.outsideWindow !== undefined);
  }

  /** The template of the settings in place of a message; one for all parts of it. @throws MSG_004 without one. */
  async #sendOutside(target: Target, part: OutboundPart, payload: Payload, attempt: SendAttempt): Promise<SendReceipt> {
    const { outsideWindow } = this.#context.config;
    if (!outsideWindow || payload.follows) {
      const why = outsideWindow ? "The template went out in its place." : "WhatsApp takes only templates then.";
      throw new SwitchboardError("MSG_004", `The person has not written for 24 hours. ${why}`, {
        action: WINDOW_ACTION,
        scope: "conversation",
        details: { code: WINDOW_CLOSED },
      });
    }
    const { language, parameters, template: name } = outsideWindow;
    const filled = parameters.map((each) => each.replaceAll("{text}", () => part.preview));
    return this.#post(target, payload, { type: "template", template: template(name, language, filled) }, attempt);
  }

  async #post(target: Target, payload: Payload, content: Content, attempt: SendAttempt): Promise<SendReceipt> {
    const { conversation, replyTo } = target;
    const envelope = {
      to: addressOf(conversation).person,
      delivery: attempt.deliveryId,
      ...(replyTo !== undefined && !payload.follows && { replyTo: replyTo as string }),
    };
    const answer = await this.#api.call({
      kind: "send",
      method: "POST",
      path: `${this.#from(conversation)}/messages`,
      body: messageBody(envelope, content),
      signal: attempt.signal,
    });
    const messageIds = items(answer.messages).flatMap((each): MessageId[] => {
      const id = text(fields(each).id);
      return id === undefined ? [] : [messageId(id)];
    });
    return { messageIds };
  }

  async #content({ conversation }: Target, payload: Payload, signal: AbortSignal): Promise<Content> {
    switch (payload.type) {
      case "text":
        return { type: "text", payload, preview: this.#context.config.linkPreviews };
      case "interactive":
        return { type: "interactive", payload };
      case "location":
      case "contacts":
        return { type: "card", payload };
      case "template":
        return { type: "template", template: payload.template };
      case "media": {
        const from = this.#from(conversation);
        const { fileName, id, mimeType } = await upload(this.#api, this.#context, from, payload, signal);
        const field = mediaField(payload);
        const { caption, kind } = payload;
        const media = {
          id,
          ...(caption && { caption }),
          ...(field === "document" && { filename: fileName }),
          // https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/audio-messages/
          ...(field === "audio" && kind === "voice" && mimeType.startsWith("audio/ogg") && { voice: true }),
        };
        return { type: "media", field, media };
      }
    }
  }

  /** The number that writes. @throws MSG_005 for one that is not this account's. */
  #from(conversation: Target["conversation"]): string {
    const { furtherPhoneNumberIds, phoneNumberId: main } = this.#context.config;
    const { phoneNumberId = main } = addressOf(conversation);
    if (phoneNumberId === main || furtherPhoneNumberIds.includes(phoneNumberId)) return phoneNumberId;
    throw new SwitchboardError("MSG_005", `The number with the id ${phoneNumberId} is not one of this account's.`, {
      action: "Add it to the account's setting furtherPhoneNumberIds.",
      scope: "conversation",
    });
  }
}
