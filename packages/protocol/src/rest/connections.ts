/** The later form of a tenant's accounts: any number on a channel, each with a name. */
import { Type } from "@switchboard/domain/schema";
import { Closed, Text, Time } from "../schema.ts";
import { route } from "./route.ts";
import { AccountSnapshot, ChannelName, ConnectionName, Credential, PageOf, Settings } from "./shapes.ts";

const ConnectionId = Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,63}:.{1,256}$" });

const Connection = Closed({
  /** `<channel>:<account id>`. */
  id: Text,
  /** `switchboard:<channel>`. */
  provider: Text,
  /** `bot_token`: it holds a secret that was given. `channel_session`: the platform and the account agreed on one. */
  credentialType: Type.Enum(["bot_token", "channel_session"]),
  /** False once it was wiped. */
  hasCredential: Type.Boolean(),
  /** Whether it is to be connected. */
  active: Type.Boolean(),
  createdAt: Time,
  account: AccountSnapshot,
});

export const connectionRoutes = {
  "connections.list": route({
    method: "GET",
    path: "/connections",
    summary: "Every connection of the tenant.",
    scope: "channels:read",
    answer: PageOf(Connection),
  }),
  "connections.create": route({
    method: "POST",
    path: "/connections",
    summary: "Connects a further account of a channel; answers when it is connected.",
    scope: "channels:write",
    limited: "channels",
    body: Closed({
      channel: ChannelName,
      name: Type.Optional(ConnectionName),
      credential: Credential,
      settings: Type.Optional(Settings),
    }),
    status: 201,
    answer: Connection,
    errors: ["CFG_001", "CFG_002", "CONN_001", "CONN_002", "CONN_005", "CONN_007", "REQ_004"],
  }),
  "connections.delete": route({
    method: "DELETE",
    path: "/connections/{id}",
    summary: "Logs out, wipes the credential and forgets the account. Conversations stay.",
    scope: "channels:write",
    limited: "channels",
    params: Type.Object({ id: ConnectionId }),
    answer: Closed({ id: Text, deleted: Type.Literal(true) }),
    errors: ["CFG_003", "REQ_004"],
  }),
};
