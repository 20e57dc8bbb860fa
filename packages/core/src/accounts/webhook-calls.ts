/** A platform's call to an account's webhook, on its one way: verified before parsed, stored before answered. */
import {
  type AccountId,
  type Channel,
  type Connection,
  type RawEvent,
  type SelfIdentity,
  SwitchboardError,
  type WebhookReply,
  type WebhookRequest,
} from "@switchboard/domain";

/** The account that is called. */
export interface CalledAccount {
  readonly account: AccountId;
  readonly channel: Channel;
  /** Valid against the channel's schema, secrets included. */
  readonly config: unknown;
  /** What calls of the webhook prove themselves with. */
  readonly secret: string;
  /** Who it is: nothing can be read without that, and a platform may call before the account has learnt it. */
  identified(): Promise<SelfIdentity>;
  /** If a send could work right now. */
  connection(): Connection | undefined;
  /** Something came in. */
  sawInbound(): void;
  /** Takes events to where they belong, see `takeEvents`; resolves when they are stored. */
  take(events: readonly RawEvent[]): Promise<void>;
}

/**
 * Resolves with what the platform wants to hear, if that is anything in particular.
 * @throws REQ_002 for a channel that takes no calls, SEC_002, REQ_001, CONN_001, STORE_*.
 */
export async function takeCall(called: CalledAccount, request: WebhookRequest): Promise<WebhookReply | undefined> {
  const { channel, config, secret } = called;
  const { webhook } = channel;
  if (!webhook) throw new SwitchboardError("REQ_002", "No such webhook.");
  webhook.verify(request, { config, secret });
  const updates = webhook.parse(request);
  // A call that only asks may come while the account is being connected, and because of it.
  if (updates.length > 0) {
    if (webhook.brings === "interactions") await interact(called, updates);
    else await receive(called, updates);
  }
  return webhook.reply?.(request, { config });
}

async function receive(called: CalledAccount, updates: readonly unknown[]): Promise<void> {
  const { account, channel, config } = called;
  const reader = { account, self: await called.identified(), config };
  const events = updates.flatMap((update) => channel.unbundle(update, reader));
  called.sawInbound();
  await called.take(events);
}

async function interact(called: CalledAccount, updates: readonly unknown[]): Promise<void> {
  const connection = called.connection();
  if (!connection?.interact) {
    throw new SwitchboardError("CONN_001", "The account is not connected.", { scope: "account" });
  }
  called.sawInbound();
  for (const update of updates) await connection.interact(update);
}

export interface Taker {
  /** That adds to the events what only it knows; absent while there is none. */
  readonly connection: Connection | undefined;
  receive(events: readonly RawEvent[]): Promise<void>;
  /** Tells the connection, also one that does not stand yet. Must not reject. */
  hear(events: readonly RawEvent[]): Promise<void>;
}

/** Stores what did not come by the account's connection, with what that knows of it, and tells it. @throws STORE_*. */
export async function takeEvents(events: readonly RawEvent[], taker: Taker): Promise<void> {
  const noted = (await taker.connection?.annotate?.(events).catch(() => undefined)) ?? events;
  if (noted.length > 0) await taker.receive(noted);
  await taker.hear(noted);
}
