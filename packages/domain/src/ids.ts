/**
 * Branded identifiers. A platform id is an opaque string: only the channel that minted one may parse it.
 * Our own ids are TypeIDs (`prefix_` + 26 characters, sortable by creation time).
 */
import { typeid } from "typeid-js";

declare const brand: unique symbol;
type Brand<Name extends string> = string & { readonly [brand]: Name };

/** Who pays and owns data; `default` in a personal install. */
export type TenantId = Brand<"TenantId">;
/** A kind of platform, e.g. `telegram`. Equals the channel folder's name. */
export type ChannelId = Brand<"ChannelId">;
/** One bot or number on a channel, of one tenant: `default` or `tenant-{billingAccountId}`. */
export type AccountId = Brand<"AccountId">;
/** A direct chat, group or room on an account; minted by the channel. */
export type ConversationId = Brand<"ConversationId">;
/** A thread or topic inside a conversation; minted by the channel. */
export type ThreadId = Brand<"ThreadId">;
/** A message on the platform, unique inside its conversation at best; minted by the channel. */
export type MessageId = Brand<"MessageId">;
/** A person or bot on the platform; minted by the channel. */
export type PeerId = Brand<"PeerId">;
/** `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]` */
export type SessionKey = Brand<"SessionKey">;
/** One stretch of a session between two resets or idle timeouts. */
export type SessionId = Brand<"SessionId">;
/** A stored platform update. */
export type InboxId = Brand<"InboxId">;
/** One run of an agent. */
export type TurnId = Brand<"TurnId">;
/** One outbound message. */
export type DeliveryId = Brand<"DeliveryId">;
/** A message that could not be processed or sent and waits for a person. */
export type DeadLetterId = Brand<"DeadLetterId">;

/** The tenant of a personal install. */
export const DEFAULT_TENANT = "default" as TenantId;
/** The account a channel has when nobody named one. */
export const DEFAULT_ACCOUNT = "default" as AccountId;

const prefixes = {
  inbox: "evt",
  turn: "trn",
  delivery: "dlv",
  deadLetter: "dead",
  session: "ses",
} as const;

interface OwnIds {
  inbox: InboxId;
  turn: TurnId;
  delivery: DeliveryId;
  deadLetter: DeadLetterId;
  session: SessionId;
}

/** Mints one of our own ids. */
export function newId<Kind extends keyof OwnIds>(kind: Kind): OwnIds[Kind] {
  return typeid<string>(prefixes[kind]).toString() as unknown as OwnIds[Kind];
}

/** Which of our own kinds an id is of, by its prefix; `undefined` for anything else. */
export function kindOfId(id: string): keyof OwnIds | undefined {
  const end = id.indexOf("_");
  if (end < 0) return undefined;
  const prefix = id.slice(0, end);
  return (Object.keys(prefixes) as (keyof OwnIds)[]).find((kind) => prefixes[kind] === prefix);
}

/** The address of an account: what every lease, limit and log line about it carries. */
export interface AccountRef {
  readonly tenant: TenantId;
  readonly channel: ChannelId;
  readonly account: AccountId;
}

/** An account's address as one string, for map keys and log lines. Not for parsing. */
export function accountKey(ref: AccountRef): string {
  return `${ref.tenant}/${ref.channel}/${ref.account}`;
}

/** Who the account is on the platform; learnt at connect and kept, so that normalising works while offline. */
export interface SelfIdentity {
  readonly id: PeerId;
  readonly username?: string;
  readonly displayName?: string;
  /** The part of the platform in which the account is, e.g. a workspace, where one app is in several. */
  readonly space?: string;
}
