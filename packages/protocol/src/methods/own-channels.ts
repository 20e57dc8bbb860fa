/** Ours: installed channels, and adding and removing accounts. */
import { Type } from "@switchboard/domain/schema";
import { AccountSettings } from "../config/accounts.ts";
import { Closed, Id, Open, Text } from "../schema.ts";
import { ChannelAccount } from "../shapes/channel-account.ts";
import { method, OWN } from "./method.ts";

const Properties = Type.Record(Type.String(), Type.Unknown());

export const ownChannelMethods = {
  /** What can be connected, and what is. Secrets are not in it. */
  "channels.list": method({
    params: Open({ channel: Type.Optional(Id) }),
    result: Closed({
      channels: Type.Array(
        Closed({
          id: Text,
          label: Text,
          transports: Type.Array(Type.Enum(["websocket", "webhook", "polling"])),
          /** JSON Schema of `config`. */
          configSchema: Properties,
          /** Properties of `config` that are secrets. */
          secrets: Type.Array(Text),
          /** Environment variable to property. */
          env: Type.Record(Type.String(), Text),
          /** What `channels.act` can do there. */
          actions: Type.Array(
            Closed({
              name: Text,
              description: Text,
              /** JSON Schema of `params`. */
              params: Properties,
            }),
          ),
        }),
      ),
      accounts: Type.Array(
        Closed({
          channel: Text,
          accountId: Text,
          source: Type.Enum(["store", "config", "environment"]),
          enabled: Type.Boolean(),
          config: Properties,
          settings: Properties,
          status: Type.Optional(ChannelAccount),
        }),
      ),
    }),
    scope: "operator.read",
    role: "operator",
    since: OWN,
  }),
  /**
   * The settings of an app at the platform, as a file that its console takes. `events`: how the platform's events should
   * come; default as calls where the gateway has a public address. REQ_001 for channels that have no such thing.
   */
  "channels.manifest": method({
    params: Open({
      channel: Id,
      accountId: Type.Optional(Id),
      /** What people see the account called. Default Switchboard. */
      name: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })),
      events: Type.Optional(Type.Enum(["calls", "sockets"])),
    }),
    result: Closed({
      channel: Text,
      accountId: Text,
      /** Media type of `body`. */
      type: Text,
      body: Type.String(),
    }),
    scope: "operator.read",
    role: "operator",
    since: OWN,
  }),
  /**
   * Where to let the app of an account in at the platform once more, which makes another account. The address is good
   * once; whoever has it can add an account. REQ_001 for channels that have no such thing, and without a public address.
   */
  "channels.install": method({
    params: Open({
      channel: Id,
      /** The account from which the app is known. */
      accountId: Type.Optional(Id),
    }),
    result: Closed({
      channel: Text,
      accountId: Text,
      url: Text,
      /** Unix milliseconds. */
      expiresAt: Type.Integer(),
    }),
    scope: "operator.admin",
    role: "operator",
    since: OWN,
    controlPlane: true,
  }),
  /**
   * Does what only this platform has, e.g. lists the texts it has approved; `channels.list` names the actions. REQ_001
   * for others. No message is sent by it.
   */
  "channels.act": method({
    params: Open({
      channel: Id,
      accountId: Type.Optional(Id),
      action: Id,
      params: Type.Optional(Properties),
    }),
    result: Closed({
      channel: Text,
      accountId: Text,
      action: Text,
      /** What the platform said. */
      result: Properties,
    }),
    scope: "operator.admin",
    role: "operator",
    since: OWN,
  }),
  /** Adds an account and connects it. An account that exists is changed only with `replace`. */
  "channels.add": method({
    params: Open({
      channel: Id,
      accountId: Type.Optional(Id),
      config: Properties,
      settings: Type.Optional(Type.Partial(AccountSettings)),
      enabled: Type.Optional(Type.Boolean()),
      replace: Type.Optional(Type.Boolean()),
    }),
    result: Closed({ channel: Text, accountId: Text, replaced: Type.Boolean() }),
    scope: "operator.admin",
    role: "operator",
    since: OWN,
    controlPlane: true,
  }),
  /** Logs out, disconnects and wipes the credential. Messages stay. */
  "channels.remove": method({
    params: Open({ channel: Id, accountId: Type.Optional(Id) }),
    result: Closed({ channel: Text, accountId: Text, removed: Type.Boolean() }),
    scope: "operator.admin",
    role: "operator",
    since: OWN,
    controlPlane: true,
  }),
};
