/** One account's live tie to Twilio. */
import { Newest } from "@switchboard/channel-kit/connection";
import type {
  AccountContext,
  Connected,
  Connection,
  Evidence,
  Json,
  MediaStream,
  MessageId,
  OutboundPart,
  RawEvent,
  SendAttempt,
  SendReceipt,
  Target,
} from "@switchboard/domain";
import { TwilioApi } from "./api.ts";
import type { SmsConfig } from "./config.ts";
import { login } from "./login.ts";
import { download } from "./media.ts";
import { fromPart } from "./payload.ts";
import { findSent } from "./reconcile.ts";
import { sendPayload } from "./send.ts";
import { Transports } from "./transports.ts";

const MOST_KNOWN = 1_000;

export class SmsConnection implements Connection {
  readonly #context: AccountContext<SmsConfig>;
  readonly #api: TwilioApi;
  #transports: Transports | undefined;
  #connected = false;
  /** Messages whose fate is known, the oldest first: another send of the same words is not taken for one of them. */
  readonly #sent = new Newest<MessageId, true>(MOST_KNOWN);

  constructor(context: AccountContext<SmsConfig>) {
    this.#context = context;
    this.#api = new TwilioApi(context.config);
  }

  async connect(): Promise<Connected> {
    const { config, signal } = this.#context;
    const { self, place, hints } = await login(this.#api, config, signal);
    const transports = new Transports(this.#api, this.#context);
    this.#transports = transports;
    const { transport, note } = await transports.start(place);
    this.#connected = true;
    const notes = [...(note === undefined ? [] : [note]), ...hints].join(" ");
    return { self, transport, ...(notes !== "" && { note: notes }) };
  }

  async disconnect(): Promise<void> {
    this.#connected = false;
    await this.#transports?.stop();
  }

  isConnected(): boolean {
    return this.#connected && !this.#context.signal.aborted;
  }

  async send(target: Target, part: OutboundPart, attempt: SendAttempt): Promise<SendReceipt> {
    return this.#known(await sendPayload(this.#api, this.#context, target, fromPart(part), attempt.signal));
  }

  async stored(events: readonly RawEvent[]): Promise<void> {
    this.#transports?.stored(events);
  }

  async download(ref: Json, signal: AbortSignal): Promise<MediaStream> {
    return download(this.#api, ref, this.#context.config.maxDownloadBytes, signal);
  }

  async probe(signal: AbortSignal): Promise<Evidence> {
    await this.#api.get("", [], signal);
    return { kind: "probe", at: Date.now() };
  }

  async reconcile(
    target: Target,
    part: OutboundPart,
    { startedAt }: { readonly startedAt: number },
    signal: AbortSignal,
  ): Promise<{ readonly arrived: SendReceipt | false }> {
    const payload = fromPart(part);
    const found = await findSent(this.#api, this.#context, target, payload, startedAt, this.#sent, signal);
    return { arrived: found && this.#known(found) };
  }

  #known(receipt: SendReceipt): SendReceipt {
    for (const id of receipt.messageIds) this.#sent.set(id, true);
    return receipt;
  }
}
