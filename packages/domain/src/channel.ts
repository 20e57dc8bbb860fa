/**
 * The channel contract (CH-0). A channel is data and pure functions that shared code may call at any time, plus
 * `open`, which loads the platform's SDK and returns one account's live connection. What is optional is left out,
 * not stubbed: its absence is the answer "this platform cannot".
 */
import type { Static, TSchema } from "typebox";
import type { Capabilities } from "./capabilities.ts";
import type { OutboundAttachment, OutboundContent } from "./content.ts";
import type { SwitchboardError } from "./errors.ts";
import type {
  AccountId,
  AccountRef,
  ChannelId,
  ConversationId,
  MessageId,
  PeerId,
  SelfIdentity,
  ThreadId,
} from "./ids.ts";
import type { ConversationKind, InboundEvent } from "./inbound.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Login } from "./login.ts";
import type { RateLimits, RetryPolicy } from "./retry.ts";

export type Transport = "websocket" | "webhook" | "polling";

/** For whom updates are read. */
export interface Reader<Config = unknown> {
  readonly account: AccountId;
  /** Absent before the account has been connected for the first time. */
  readonly self?: SelfIdentity;
  /** Valid against the channel's config schema, secrets included: none of those may get into an event. */
  readonly config: Config;
}

/** One event of a platform update before anyone looked inside: what the inbox stores. */
export interface RawEvent {
  /** The platform's own id of the event, unique within the account for as long as the platform may send it again. */
  readonly key: string;
  /**
   * What tells two different events with one key apart (ids get reused when a bot is replaced).
   * Same key and fingerprint: a duplicate. Same key, other fingerprint: a new event.
   */
  readonly fingerprint?: string;
  /** What must stay in order: the conversation, with its thread where threads are independent. */
  readonly lane: string;
  /** Default `normal`; controls and commands of people are `high`. */
  readonly priority?: Priority;
  readonly payload: Json;
}

/** Served in this order. */
export type Priority = "critical" | "high" | "normal" | "low";

/** Where a message goes. */
export interface Target {
  readonly conversation: ConversationId;
  readonly kind: ConversationKind;
  readonly thread?: ThreadId;
  readonly replyTo?: MessageId;
  /** The person spoken to; channels with private replies need it. */
  readonly peer?: PeerId;
  /** Meant for `peer` alone: shown to nobody else where the platform can do that, else written as usual. */
  readonly private?: boolean;
  /** The command or control event that this answers, by its `callback`: for platforms that answer through it. */
  readonly callback?: string;
}

/** One platform message, rendered and within limits. `payload` is the channel's own and is stored as it is. */
export interface OutboundPart {
  readonly payload: Json;
  /** Plain text for the console, logs and search; at most a few hundred characters. */
  readonly preview: string;
  /** Whether a streamed draft may be turned into this part by an edit. Default false. */
  readonly editable?: boolean;
}

/** What the platform said when it took a message. */
export interface SendReceipt {
  /** The platform's ids of what was sent; one part may become several messages, e.g. an album. */
  readonly messageIds: readonly MessageId[];
  /** The conversation moved; later messages go there. */
  readonly successor?: ConversationId;
}

/** What an account's status rests on (CONN-2). */
export interface Evidence {
  /** What was seen: an event, an answer to a probe, a protocol pong. */
  readonly kind: "event" | "probe" | "pong" | "connected";
  /** Unix milliseconds. */
  readonly at: number;
  readonly note?: string;
}

/** One attempt at a send, as the connection sees it. */
export interface SendAttempt {
  /** Stable over retries of one delivery: for platforms that take a nonce or client id. */
  readonly deliveryId: string;
  /** 1-based. */
  readonly number: number;
  /** An agent's answer, the gateway's own words, or something sent without being asked. */
  readonly kind: "answer" | "notice" | "direct" | "draft";
  readonly signal: AbortSignal;
}

/** Bytes on their way. The reader must consume or cancel the stream. */
export interface MediaStream {
  readonly stream: ReadableStream<Uint8Array>;
  readonly mimeType?: string;
  readonly fileName?: string;
  /** Bytes, when the platform tells. */
  readonly size?: number;
}

/** An outbound attachment on its way: what it is by its content, with a name that is safe everywhere. */
export interface OutboundMedia extends MediaStream {
  /** `application/octet-stream` for what nobody knows. */
  readonly mimeType: string;
  readonly fileName: string;
  /** Exactly so many bytes come, or the stream fails: fit for a `Content-Length`. */
  readonly size: number;
}

/**
 * One account's live tie to its platform. The gateway calls `connect` once, then the rest until `disconnect`;
 * after that the object is thrown away and a new one opened under a new generation.
 */
export interface Connection {
  /**
   * Resolves when the platform accepted the credential and events can flow; rejects with a CONN_* error.
   * Must not retry by itself: the supervisor does.
   */
  connect(): Promise<Connected>;

  /** Stops taking events and lets go of sockets. Must not reject; must work in any state. */
  disconnect(): Promise<void>;

  /** Whether a send could work right now. Cheap; no I/O. */
  isConnected(): boolean;

  /**
   * Sends one part. Rejects with a SwitchboardError whose `delivered` says whether the platform may have it:
   * `no` only when it is certain. Must not retry, split or wait for rate limits: the outbox does.
   */
  send(target: Target, part: OutboundPart, attempt: SendAttempt): Promise<SendReceipt>;

  /** Replaces a message that `send` made. Called for streamed answers; repeated calls with one text must be harmless. */
  edit?(target: Target, message: MessageId, part: OutboundPart, signal: AbortSignal): Promise<void>;

  /** Deletes a message that `send` made. */
  remove?(target: Target, message: MessageId, signal: AbortSignal): Promise<void>;

  /** Sets the account's own reaction to a message, whoever wrote it; no emoji takes it back. */
  react?(target: Target, message: MessageId, emoji: string | undefined, signal: AbortSignal): Promise<void>;

  /** Shows "typing" for `capabilities.typingMs`. Failures are ignored. */
  typing?(target: Target, signal: AbortSignal): Promise<void>;

  /** Answers a control or command that the platform waits for, with an optional short note to the person. */
  acknowledge?(callback: string, note?: string): Promise<void>;

  /**
   * Takes an update of a webhook that brings interactions alone, as if it had come by the transport: stores what is an
   * event (`AccountContext.receive`) and answers what only asks. Resolves when the platform may be told "ok".
   */
  interact?(update: unknown): Promise<void>;

  /** Fetches an inbound attachment by its `ref`. */
  download?(ref: Json, signal: AbortSignal): Promise<MediaStream>;

  /**
   * Adds to events of webhook calls, before they are stored, what only the connection can find out about them: names
   * that the platform does not send, whether a thread is the account's own. Same events, same order, same keys; another
   * lane only where the platform does not say what a conversation is and the connection knows. It may not be called at
   * all, e.g. while the account reconnects: what the config alone decides, and what must not be read as a message, is
   * for `unbundle` and `normalise`. Must be quick: the platform waits. Failures are ignored.
   */
  annotate?(events: readonly RawEvent[]): Promise<readonly RawEvent[]>;

  /**
   * Events of webhook calls, once they are stored: for what a connection remembers, e.g. who wrote last. May come before
   * `connect`. Failures are logged and cost nothing.
   */
  stored?(events: readonly RawEvent[]): Promise<void>;

  /** Asks the platform for proof of life. Rejects when there is none. Called every 30 s while connected. */
  probe?(signal: AbortSignal): Promise<Evidence>;

  /** Finds out whether an attempt whose answer never came did arrive. `undefined`: cannot tell. */
  reconcile?(
    target: Target,
    part: OutboundPart,
    attempt: { readonly deliveryId: string; readonly startedAt: number },
    signal: AbortSignal,
  ): Promise<{ readonly arrived: SendReceipt | false } | undefined>;

  /**
   * Does one of the channel's `actions`; `params` are valid by its schema. Resolves with what the platform said.
   * Rejects with REQ_001 for a name that is none of them, else as any call does.
   */
  act?(action: string, params: JsonObject, signal: AbortSignal): Promise<JsonObject>;

  /** Ends the account's session at the platform before its credential is wiped. */
  logout?(signal: AbortSignal): Promise<void>;
}

export interface Connected {
  readonly self: SelfIdentity;
  readonly transport: Transport;
  /** Shown to the operator next to the status, e.g. why the fall-back is in use. */
  readonly note?: string;
}

/** What the gateway gives a connection. */
export interface AccountContext<Config = unknown> extends AccountRef {
  /** Valid against the channel's config schema, secrets included. Never log it. */
  readonly config: Config;
  /** Grows with every start of the account. What an older generation reports is ignored. */
  readonly generation: number;
  /** The public address of this account's webhook and its secret; absent when the gateway has no public URL. */
  readonly webhook?: { readonly url: string; readonly secret: string };
  /** Small durable values of this account, e.g. a polling offset. */
  readonly memory: AccountMemory;
  /** The same for what the platform entrusts to the account while it runs, e.g. tokens that it renews: sealed at rest. */
  readonly secrets: AccountMemory;
  /** Aborted when the account stops. */
  readonly signal: AbortSignal;
  readonly log: ChannelLog;
  /** The gateway's chat commands, for platforms that can show people a menu of them. */
  readonly commands: readonly CommandHint[];

  /**
   * Hands events over. Resolves when they are stored durably: only then may the platform be told "ok". Those that
   * `Channel.app` says are another account's are stored for that one.
   * Rejects with a STORE_* or SYS_001 error: then the platform must not be told, so that it sends them again.
   */
  receive(events: readonly RawEvent[]): Promise<void>;

  /** Fresh evidence that the account is alive. Cheap; call it as often as there is any. */
  alive(evidence: Evidence): void;

  /** The connection was lost after `connect` had resolved. The supervisor decides what happens next. */
  lost(error: unknown): void;

  /**
   * A renewal of the account's credential came to its end; `error`: the credential was not renewed. It is counted, and
   * one that nothing but a person can mend is in the audit log. The kit's `Renewal` calls it.
   */
  renewed(error?: SwitchboardError): void;

  /** The transport changed while connected, e.g. a fall-back took over or the preferred one is back. */
  transportChanged(transport: Transport, note?: string): void;

  /**
   * Opens a file that goes out, from the media store or from its address, and makes it what `capabilities.attachments`
   * says of its kind: pictures are converted and scaled, without what a camera wrote into them. What is fine already
   * passes as it is. Nothing behind an address that is not public is fetched. The reader must consume or cancel the
   * stream. Rejects with REQ_002 when the file is gone, MSG_003 when it is too large, MSG_008 when the platform takes
   * no such file, SEC_007 or NET_001 when its address cannot be fetched.
   */
  openAttachment(attachment: OutboundAttachment, signal: AbortSignal): Promise<OutboundMedia>;

  /**
   * An address at which anybody who knows it can fetch an outbound attachment, for platforms that do so themselves. It
   * cannot be guessed and ends after `ttlMs` milliseconds (default an hour); what is there is what `openAttachment`
   * makes of it. Absent when the gateway has no public URL. Rejects as `openAttachment` does.
   */
  publish?(attachment: OutboundAttachment, options?: { readonly ttlMs?: number }): Promise<string>;

  /** Runs the channel's own clock work; stops with the account. */
  sleep(ms: number): Promise<void>;
}

export interface CommandHint {
  /** Lower-case letters and digits, without the slash. */
  readonly name: string;
  /** One line. */
  readonly description: string;
  /** What may be written behind it, for platforms that offer a form; absent when there is nothing. */
  readonly argument?: CommandArgument;
  /** The answer is for whoever asked, see `Target.private`. */
  readonly private?: boolean;
}

export interface CommandArgument {
  /** As a person reads it, e.g. `Model`. */
  readonly label: string;
  /** What may be chosen, when that is known beforehand; else it is free text. */
  readonly choices?: readonly string[];
}

export interface AccountMemory {
  get(key: string): Promise<string | undefined>;
  /** Durable when it resolves. After `ttlMs` milliseconds the value is gone; without it, it stays with the account. */
  set(key: string, value: string, options?: { readonly ttlMs?: number }): Promise<void>;
  remove(key: string): Promise<void>;
  /**
   * Makes all the changes if every value still is what its change says, else none; durable when it resolves. False when
   * none was made. For what several nodes decide between them: only one of those that meet gets true.
   */
  swap(changes: readonly MemorySwap[]): Promise<boolean>;
}

/** One value that is remembered, from what it must be to what it becomes. */
export interface MemorySwap {
  readonly key: string;
  /** Absent: nothing, or what has ended. */
  readonly from?: string;
  /** Absent: it is removed. */
  readonly to?: string;
  /** Absent: it stays with the account. */
  readonly ttlMs?: number;
}

export interface ChannelLog {
  debug(fields: Record<string, unknown>, message: string): void;
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}

/** A webhook call before its body was parsed. */
export interface WebhookRequest {
  readonly method: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** As the platform addressed it, rebuilt only from proxies named in the config. */
  readonly url: string;
  readonly body: Uint8Array;
}

/** What a platform gets to hear to its call instead of a plain `{"ok":true}`. */
export interface WebhookReply {
  /** Default 200. */
  readonly status?: number;
  /** The media type of `body`, e.g. `text/plain`. */
  readonly type: string;
  readonly body: string;
}

/** A webhook route cannot exist without its verifier: both are one object. */
export interface Webhook<Config> {
  /**
   * `interactions`: presses, commands and forms alone come this way, besides a transport that brings everything else.
   * Such updates go to `Connection.interact`, and are refused while there is no connection: nobody waits that long.
   * Default `everything`; then `webhook` is one of the transports.
   */
  readonly brings?: "everything" | "interactions";
  /**
   * Called before the body is parsed. Must compare in constant time.
   * @throws SEC_002 or CONN_004.
   */
  verify(request: WebhookRequest, account: { readonly config: Config; readonly secret: string }): void;
  /** The updates in a verified body; none for a call that only asks for an answer. Throws REQ_001 when it cannot be read. */
  parse(request: WebhookRequest): readonly unknown[];
  /** Pure. What the platform wants to hear, e.g. a challenge; called after the updates are stored. */
  reply?(request: WebhookRequest, account: { readonly config: Config }): WebhookReply | undefined;
}

/** For the settings that a platform's own console takes as a file. */
export interface Manifest {
  /** Media type. */
  readonly type: string;
  readonly body: string;
}

export interface ManifestOptions {
  /** What people see the account called. */
  readonly name: string;
  /** Where the platform should call; absent: it need not. */
  readonly webhookUrl?: string;
  /** Where it sends back whoever lets the app in, see `Install`; absent without a public address. */
  readonly redirectUrl?: string;
  readonly commands: readonly CommandHint[];
}

/** What an account needs to be told, as a schema: the CLI, console and REST build their forms from it. */
export interface ConfigSpec<S extends TSchema = TSchema> {
  readonly schema: S;
  /** Property names whose values are secrets: sealed in the vault, never shown. */
  readonly secrets: readonly string[];
  /**
   * Properties besides the secrets that a tenant may set for itself; default none. The others, e.g. addresses that the
   * gateway calls and how often, are for whoever runs the gateway.
   */
  readonly tenant?: readonly string[];
  /** Environment variable to property name, for the `default` account. */
  readonly env: Readonly<Record<string, string>>;
}

/** What only this platform has and its operators do from here, e.g. having a text approved. No message is sent by it. */
export interface ChannelAction {
  /** One line for people. */
  readonly description: string;
  /** An object's. */
  readonly params: TSchema;
}

/**
 * For platforms where one app serves several accounts, e.g. a workspace each, and what happens in any of them may arrive
 * at every one. An event goes to another account only within the tenant and the channel, and only to one that holds a
 * credential of the same app: to one that would have believed it, too.
 */
export interface SharedApp<Config> {
  /** Pure. The app's own secrets by which what it brings is believed; accounts with one in common are of one app. */
  credentials(config: Config): readonly string[];
  /**
   * Pure. Whether an event is the account's; `undefined` when it does not say. Its payload must be an update of its own:
   * it is split again as the other account's.
   */
  isOf(event: RawEvent, self: SelfIdentity): boolean | undefined;
}

export interface InstallRequest<Config> {
  /** Of the account from which the app is known. */
  readonly config: Config;
  /** Where the platform sends the person back. */
  readonly redirectUrl: string;
}

/** What became of an installation. */
export interface Installed {
  /** What the account is called when it is a new one, the same whenever the app is let in there: a-z, 0-9, `.`, `_`, `-`. */
  readonly account: AccountId;
  readonly self: SelfIdentity;
  /** Where it was let in, as people call it. */
  readonly title: string;
  /** The properties that `Install.own` names. */
  readonly config: JsonObject;
}

/** For platforms where people let an app in on a page of the platform (OAuth): each time makes an account. */
export interface Install<Config> {
  /** Properties of the config that are the account's. The others are the app's, and every account of it has them. */
  readonly own: readonly string[];
  /** Pure. Where to send whoever lets the app in; `state` comes back as it is. Throws REQ_001 naming what the config lacks. */
  authorizeUrl(request: InstallRequest<Config> & { readonly state: string }): string;
  /** Exchanges the code that came back, which is good once. Rejects with REQ_001 for a code that is not good, CFG_001, CONN_*. */
  complete(
    request: InstallRequest<Config> & { readonly code: string; readonly signal: AbortSignal },
  ): Promise<Installed>;
}

export interface Channel<S extends TSchema = TSchema> {
  readonly id: ChannelId;
  /** As people write it, e.g. `Telegram`. */
  readonly label: string;
  /** Preferred first; the others are fall-backs the channel switches to by itself (CONN-4). */
  readonly transports: readonly [Transport, ...Transport[]];
  readonly capabilities: Capabilities;
  readonly retry: RetryPolicy;
  readonly rateLimits: RateLimits;
  readonly config: ConfigSpec<S>;
  readonly webhook?: Webhook<Static<S>>;
  readonly app?: SharedApp<Static<S>>;
  /** Nothing outside the gateway is connected: each of several nodes runs such an account, all at once. */
  readonly everyNode?: true;
  readonly install?: Install<Static<S>>;
  readonly login?: Login;

  /** Pure. The settings of an app at the platform, so that nobody has to click them together. */
  manifest?(options: ManifestOptions): Manifest;

  /** By their names, e.g. `templates.list`. */
  readonly actions?: Readonly<Record<string, ChannelAction>>;

  /** Pure. Takes one platform update apart into events. An update it does not know becomes one event too: nothing is lost. */
  unbundle(update: unknown, reader: Reader<Static<S>>): readonly RawEvent[];

  /** Pure. Reads one stored event. Throws MSG_001 when it makes no sense, MSG_003 when it is too large. */
  normalise(event: RawEvent, reader: Reader<Static<S>>): readonly InboundEvent[];

  /** Pure. Renders content natively as parts within the platform's limits, in order. At least one part. */
  render(content: OutboundContent, target: Target): readonly OutboundPart[];

  /** Pure. The part with a visible note that the reader may have seen it already; marking it again changes nothing. */
  markDuplicate(part: OutboundPart): OutboundPart;

  /** Reads an address a person typed, e.g. `@name` or `12345:7`. Throws REQ_001. */
  parseTarget(text: string): Target;

  /** Loads the SDK and makes a connection. Must not connect yet. */
  open(account: AccountContext<Static<S>>): Promise<Connection>;
}

/** Types a channel; the default export of every channel package. */
export function defineChannel<S extends TSchema>(channel: Channel<S>): Channel<S> {
  return channel;
}
