/** One bot's live tie to Telegram. */
import type {
  AccountContext,
  Connected,
  Connection,
  Evidence,
  Json,
  MediaStream,
  MessageId,
  OutboundPart,
  SendAttempt,
  SendReceipt,
  Target,
} from "@switchboard/domain";
import { TelegramApi } from "./api.ts";
import { offerCommands } from "./command-menu.ts";
import type { TelegramConfig } from "./config.ts";
import { download } from "./files.ts";
import { login } from "./login.ts";
import { fromPart } from "./payload.ts";
import { answerPress, deleteMessage, editMessage, sendPayload, showTyping } from "./send.ts";
import { Transports } from "./transports.ts";

export class TelegramConnection implements Connection {
  readonly #context: AccountContext<TelegramConfig>;
  readonly #api: TelegramApi;
  #transports: Transports | undefined;
  #connected = false;

  constructor(context: AccountContext<TelegramConfig>) {
    const { config } = context;
    this.#context = context;
    this.#api = new TelegramApi({ ...config, pollTimeoutMs: config.pollTimeoutSeconds * 1000 });
  }

  async connect(): Promise<Connected> {
    const { config, signal } = this.#context;
    const { self, hints } = await login(this.#api, config.token, signal);
    const transports = new Transports(this.#api, this.#context, self.id);
    this.#transports = transports;
    const { transport, note } = await transports.start();
    await offerCommands(this.#api, this.#context);
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
    return sendPayload(this.#api, this.#context, target, fromPart(part), attempt.signal);
  }

  async edit(target: Target, message: MessageId, part: OutboundPart, signal: AbortSignal): Promise<void> {
    await editMessage(this.#api, this.#context, target, message, fromPart(part), signal);
  }

  async remove(target: Target, message: MessageId, signal: AbortSignal): Promise<void> {
    await deleteMessage(this.#api, target, message, signal);
  }

  async typing(target: Target, signal: AbortSignal): Promise<void> {
    await showTyping(this.#api, target, signal);
  }

  async acknowledge(callback: string, note?: string): Promise<void> {
    await answerPress(this.#api, callback, note, this.#context.signal);
  }

  async download(ref: Json, signal: AbortSignal): Promise<MediaStream> {
    return download(this.#api, ref, this.#context.config.maxDownloadBytes, signal);
  }

  async probe(signal: AbortSignal): Promise<Evidence> {
    await this.#api.call("other", "getMe", undefined, signal);
    return { kind: "probe", at: Date.now() };
  }
}
