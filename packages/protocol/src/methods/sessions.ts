/** Sessions: the list, and what to be told about. */
import { Type } from "@switchboard/domain/schema";
import { Closed, Count, Id, Open, Text, Time } from "../schema.ts";
import { SessionKey, SessionRow } from "../shapes/session.ts";
import { BASE, method, sessionRead } from "./method.ts";

export const sessionMethods = {
  /** Sessions, the last used first. */
  "sessions.list": method({
    params: Open({
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
      offset: Type.Optional(Count),
      activeMinutes: Type.Optional(Type.Integer({ minimum: 1 })),
      agentId: Type.Optional(Id),
      channel: Type.Optional(Id),
      search: Type.Optional(Type.String({ maxLength: 512 })),
    }),
    result: Type.Object({
      ts: Time,
      /** Where the store is; `[redacted]` without admin. */
      path: Type.String(),
      count: Count,
      totalCount: Count,
      limitApplied: Type.Optional(Count),
      offset: Type.Optional(Count),
      nextOffset: Type.Optional(Type.Union([Count, Type.Null()])),
      hasMore: Type.Boolean(),
      defaults: Type.Object({
        modelProvider: Type.Optional(Type.Union([Type.String(), Type.Null()])),
        model: Type.Optional(Type.Union([Type.String(), Type.Null()])),
        contextTokens: Type.Optional(Type.Union([Count, Type.Null()])),
      }),
      sessions: Type.Array(SessionRow),
    }),
    ...sessionRead,
  }),
  /** From now on `sessions.changed` comes. */
  "sessions.subscribe": method({
    params: Open({}),
    result: Open({ subscribed: Type.Literal(true) }),
    ...sessionRead,
  }),
  /** For clients with the capability `session-scoped-events`, which otherwise get no session's events. */
  "sessions.messages.subscribe": method({
    params: Open({ key: SessionKey, agentId: Type.Optional(Id) }),
    result: Open({ subscribed: Type.Literal(true), key: Text }),
    ...sessionRead,
  }),
  /** Ends what `sessions.messages.subscribe` began. */
  "sessions.messages.unsubscribe": method({
    params: Open({ key: SessionKey, agentId: Type.Optional(Id) }),
    result: Open({ subscribed: Type.Literal(false), key: Text }),
    ...sessionRead,
  }),
  /** The configured agents. */
  "agents.list": method({
    params: Open({}),
    result: Closed({
      defaultId: Text,
      mainKey: Text,
      scope: Type.Enum(["per-sender", "global"]),
      agents: Type.Array(
        Closed({
          id: Text,
          name: Type.Optional(Text),
          model: Type.Optional(Closed({ primary: Type.Optional(Text) })),
        }),
      ),
    }),
    scope: "operator.read",
    role: "operator",
    since: BASE,
  }),
};
