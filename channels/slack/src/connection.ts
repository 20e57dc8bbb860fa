/** One bot's live tie to Slack. */
import type { Renewal } from "@switchboard/channel-kit/renewal";
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
  SelfIdentity,
  SendAttempt,
  SendReceipt,
  Target,
} from "@switchboard/domain";
import { annotated } from "./annotate.ts";
import { answerThrough } from "./answer.ts";
import { SlackApi } from "./api.ts";
import { Assistant } from "./assistant.ts";
import type { SlackConfig } from "./config.ts";
import { Directory } from "./directory.ts";
import { download } from "./files.ts";
import { follow } from "./follow.ts";
import { login } from "./login.ts";
import { escaped } from "./mrkdwn.ts";
import { fromPart } from "./payload.ts";
import { react } from "./reactions.ts";
import { Receiver } from "./receiver.ts";
import { deleteMessage, editMessage, findSent, sendPayload } from "./send.ts";
import { SentThreads } from "./sent-threads.ts";
import { Status } from "./status.ts";
import { renewalOf } from "./tokens.ts";
import { Transports } from "./transports.ts";
import { isForAnother } from "./whose.ts";

export class SlackConnection implements Connection {
  readonly #context: AccountContext<SlackConfig>;
  readonly #api: SlackApi;
  readonly #threads: SentThreads;
  readonly #directory: Directory;
  readonly #status: Status;
  readonly #assistant: Assistant;
  readonly #receiver: Receiver;
  readonly #stop = new AbortController();
  /** Absent: the token lasts, or `connect` was not called. */
  #renewal: Renewal | undefined;
  #renewing: Promise<void> | undefined;
  #transports: Transports | undefined;
  #name = "";
  #self: SelfIdentity | undefined;
  #connected = false;

  constructor(context: AccountContext<SlackConfig>) {
    const { config, memory, signal } = context;
    this.#context = context;
    this.#api = new SlackApi(config);
    this.#threads = new SentThreads(memory, config.threadMemoryDays);
    this.#directory = new Directory(this.#api, memory);
    this.#status = new Status(this.#api, config.statusText);
    this.#assistant = new Assistant(this.#api, config);
    this.#receiver = new Receiver({
      context,
      annotate: (event) => this.#annotated(event),
      stored: (events) => this.stored(events),
      signal: AbortSignal.any([this.#stop.signal, signal]),
    });
  }

  async connect(): Promise<Connected> {
    const { config, signal } = this.#context;
    const renewal = renewalOf(this.#api, this.#context);
    this.#renewal = renewal;
    if (renewal) this.#api.onExpired = (token) => renewal.renew(token);
    await renewal?.ready();
    const { self, hints } = await login(this.#api, config, signal);
    this.#name = self.displayName ?? "Switchboard";
    this.#self = self;
    const transports = new Transports(this.#api, this.#context, this.#receiver);
    this.#transports = transports;
    const { transport, note } = await transports.start();
    this.#renewing = renewal?.keep(AbortSignal.any([this.#stop.signal, signal]));
    this.#connected = true;
    const notes = [...(note === undefined ? [] : [note]), ...hints].join(" ");
    return { self, transport, ...(notes !== "" && { note: notes }) };
  }

  async disconnect(): Promise<void> {
    this.#connected = false;
    this.#stop.abort();
    await this.#transports?.stop();
    await Promise.all([this.#receiver.idle(), this.#renewing, this.#renewal?.idle()]);
  }

  isConnected(): boolean {
    return this.#connected && !this.#context.signal.aborted;
  }

  async send(target: Target, part: OutboundPart, attempt: SendAttempt): Promise<SendReceipt> {
    const sender = { api: this.#api, context: this.#context, threads: this.#threads };
    const receipt = await sendPayload(sender, target, fromPart(part), attempt);
    this.#status.clear(target, this.#context.signal).catch(() => {});
    return receipt;
  }

  async edit(target: Target, message: MessageId, part: OutboundPart, signal: AbortSignal): Promise<void> {
    await editMessage({ api: this.#api, context: this.#context }, target, message, fromPart(part), signal);
  }

  async remove(target: Target, message: MessageId, signal: AbortSignal): Promise<void> {
    await deleteMessage(this.#api, target, message, signal);
  }

  async react(target: Target, message: MessageId, emoji: string | undefined, signal: AbortSignal): Promise<void> {
    await react({ api: this.#api, memory: this.#context.memory }, target, message, emoji, signal);
  }

  async typing(target: Target, signal: AbortSignal): Promise<void> {
    await this.#status.show(target, signal);
  }

  /** Slack heard that the event arrived already; a note is shown to the person alone. */
  async acknowledge(callback: string, note?: string): Promise<void> {
    if (note === undefined || note === "") return;
    const message = { response_type: "ephemeral", replace_original: false, text: escaped(note) };
    const { config, signal } = this.#context;
    await answerThrough(this.#api, callback, message, { kind: "other", signal, timeoutMs: config.requestTimeoutMs });
  }

  async download(ref: Json, signal: AbortSignal): Promise<MediaStream> {
    return download(this.#api, ref, this.#context.config, signal);
  }

  async annotate(events: readonly RawEvent[]): Promise<readonly RawEvent[]> {
    return Promise.all(events.map((event) => this.#annotated(event)));
  }

  /** Does not wait for what it begins: Slack waits for the answer to its call. */
  async stored(events: readonly RawEvent[]): Promise<void> {
    const follower = {
      api: this.#api,
      context: this.#context,
      status: this.#status,
      assistant: this.#assistant,
      name: this.#name,
      self: this.#self,
    };
    void follow(events, follower);
  }

  async probe(signal: AbortSignal): Promise<Evidence> {
    await this.#api.call("auth.test", {}, { signal });
    return { kind: "probe", at: Date.now() };
  }

  async reconcile(
    target: Target,
    part: OutboundPart,
    attempt: { readonly deliveryId: string; readonly startedAt: number },
    signal: AbortSignal,
  ): Promise<{ readonly arrived: SendReceipt | false } | undefined> {
    return findSent(this.#api, target, fromPart(part), attempt, signal);
  }

  #annotated(event: RawEvent): Promise<RawEvent> {
    // Whose it is knows its people by its own token.
    if (isForAnother(event.payload, this.#self)) return Promise.resolve(event);
    return annotated(event, { context: this.#context, directory: this.#directory, threads: this.#threads });
  }
}
