/** People who wrote to an account that does not know them: who waits, letting them in, sending them away. */
import { Type } from "@switchboard/domain/schema";
import { Closed, Count, Id, Open, Text } from "../schema.ts";
import { BASE, method } from "./method.ts";

const Account = {
  channel: Text,
  channelLabel: Text,
  accountId: Text,
  accountLabel: Type.Optional(Text),
  /** Whether somebody who is let in can be told so. */
  notifySupported: Type.Boolean(),
};

/** By `requestId`, as listed; or, ours, by the `code` that the person was told. Exactly one of them. */
const Which = {
  channel: Id,
  accountId: Id,
  requestId: Type.Optional(Id),
  code: Type.Optional(Id),
};

const Decided = { requestId: Text, senderId: Text };

export const pairingMethods = {
  /** Codes are not in it. Times are ISO 8601. */
  "channels.pairing.list": method({
    params: Open({ channel: Type.Optional(Id), accountId: Type.Optional(Id) }),
    result: Closed({
      accounts: Type.Array(Closed(Account)),
      requests: Type.Array(
        Closed({
          requestId: Text,
          ...Account,
          senderId: Text,
          /** What they call themselves, which proves nothing; else their id. */
          senderLabel: Text,
          metadata: Type.Optional(Type.Record(Type.String(), Type.String())),
          createdAt: Text,
          lastSeenAt: Text,
          expiresAt: Text,
        }),
      ),
      /** Every account in question has an owner. */
      commandOwnerConfigured: Type.Boolean(),
      limits: Closed({ pendingPerAccount: Count, ttlMs: Count }),
    }),
    scope: "operator.pairing",
    role: "operator",
    since: BASE,
  }),
  /**
   * `notify`: the person is told in the chat. `bootstrapCommandOwner`: they become the account's owner if nobody is.
   * Wrong codes are counted; after too many SEC_005 says how long to wait.
   */
  "channels.pairing.approve": method({
    params: Open({
      ...Which,
      notify: Type.Optional(Type.Boolean()),
      bootstrapCommandOwner: Type.Optional(Type.Boolean()),
    }),
    result: Closed({
      ...Decided,
      /** `failed`: they were not told and will not be. */
      notification: Type.Enum(["not-requested", "sent", "unsupported", "failed"]),
      commandOwnerBootstrap: Type.Enum(["not-requested", "configured", "already-configured", "unavailable"]),
    }),
    scope: "operator.pairing",
    alsoScopes: [{ scope: "operator.admin", when: Type.Object({ bootstrapCommandOwner: Type.Literal(true) }) }],
    role: "operator",
    since: BASE,
  }),
  /** They may ask again. */
  "channels.pairing.dismiss": method({
    params: Open(Which),
    result: Closed(Decided),
    scope: "operator.pairing",
    role: "operator",
    since: BASE,
  }),
};
