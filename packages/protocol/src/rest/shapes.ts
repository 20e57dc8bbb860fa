/** What several resources of the REST API share. */
import { type TSchema, Type } from "@switchboard/domain/schema";
import { AccountSettings } from "../config/accounts.ts";
import { Closed, Text } from "../schema.ts";
import { ChannelAccount } from "../shapes/channel-account.ts";

/** A channel's id as in an address. */
export const ChannelName = Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,63}$" });

/** Tells several accounts of one channel apart. */
export const ConnectionName = Type.String({
  pattern: "^[a-z0-9][a-z0-9_-]{0,31}$",
  description: "Tells several of one channel apart. Without it, it is the one of `/channels/connect`.",
});

/** An account with its state. `accountId` of the one that a tenant connects is `tenant-{tenant id}`. */
export const AccountSnapshot = Type.Object({ channel: Text, ...ChannelAccount.properties });

/** What an account logs in with, by the channel's own names; `GET /channels` tells them. */
export const Credential = Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), {
  description: "By the channel's own names, e.g. `token`; `GET /channels` tells them.",
});

export const Settings = Type.Partial(AccountSettings, {
  additionalProperties: false,
  description: "Who may write, and how answers are given. What is left out stays as it is.",
});

/** The tail of a list's query. */
export const pageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: "Default 50." })),
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 1_024, description: "The `next` of the page before." })),
};

/** A page of a list. `next` is there while there is more: pass it as `cursor`. */
export const PageOf = <Item extends TSchema>(item: Item) =>
  Closed({ items: Type.Array(item), next: Type.Optional(Text) });
