/** Sessions: the list, single ones, what they used, and what to be told about. */
import { Type } from "@switchboard/domain/schema";
import { Closed, Count, Id, Open, Text, Time } from "../schema.ts";
import { ChatMessage } from "../shapes/message.ts";
import { SessionKey, SessionRow } from "../shapes/session.ts";
import { method, sessionRead } from "./method.ts";

const MOST_LISTED = 1_000;

const filters = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_LISTED })),
  offset: Type.Optional(Count),
  activeMinutes: Type.Optional(Type.Integer({ minimum: 1 })),
  /** Only those that are answering. */
  activeOnly: Type.Optional(Type.Boolean()),
  agentId: Type.Optional(Id),
  channel: Type.Optional(Id),
  label: Type.Optional(Id),
  search: Type.Optional(Type.String({ maxLength: 512 })),
  /** Nothing is archived here: `true` finds nothing. */
  archived: Type.Optional(Type.Union([Type.Boolean(), Type.Literal("all")])),
  /** No session is made by another one here: any key finds nothing. */
  spawnedBy: Type.Optional(Id),
};

const List = Type.Object({
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
});

const Candidate = Closed({ key: Text, agentId: Text, displayName: Type.Optional(Type.String()) });

/** Costs are always 0: nothing here knows prices. `missingCostEntries` counts the turns they are missing for. */
const totals = {
  input: Count,
  output: Count,
  cacheRead: Count,
  cacheWrite: Count,
  totalTokens: Count,
  totalCost: Type.Number(),
  inputCost: Type.Number(),
  outputCost: Type.Number(),
  cacheReadCost: Type.Number(),
  cacheWriteCost: Type.Number(),
  missingCostEntries: Count,
};
const Totals = Closed(totals);

export const sessionMethods = {
  /** Sessions, the last used first. */
  "sessions.list": method({ params: Open(filters), result: List, ...sessionRead }),
  /** From now on `sessions.changed` comes. With any of the list's parameters the answer holds that list, read afterwards. */
  "sessions.subscribe": method({
    params: Open(filters),
    result: Open({ subscribed: Type.Literal(true), list: Type.Optional(List) }),
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

  /** The last words of some sessions, oldest first. */
  "sessions.preview": method({
    params: Open({
      keys: Type.Array(SessionKey, { maxItems: 64 }),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: "Default 12." })),
      maxChars: Type.Optional(Type.Integer({ minimum: 20, maximum: 10_000, description: "Default 240." })),
    }),
    result: Closed({
      ts: Time,
      previews: Type.Array(
        Closed({
          key: Text,
          status: Type.Enum(["ok", "empty", "missing", "error"]),
          items: Type.Array(
            Closed({ role: Type.Enum(["user", "assistant", "tool", "system", "other"]), text: Type.String() }),
          ),
        }),
      ),
    }),
    ...sessionRead,
  }),

  /** `null` when there is none. */
  "sessions.describe": method({
    params: Open({ key: SessionKey, agentId: Type.Optional(Id) }),
    result: Closed({ session: Type.Union([SessionRow, Type.Null()]) }),
    ...sessionRead,
  }),

  /** Finds a session by exactly one of `key`, `sessionId` and `label`. None is an error unless `allowMissing`. */
  "sessions.resolve": method({
    params: Open({
      key: Type.Optional(SessionKey),
      sessionId: Type.Optional(Id),
      label: Type.Optional(Id),
      shortId: Type.Optional(Id),
      agentId: Type.Optional(Id),
      spawnedBy: Type.Optional(Id),
      allowMissing: Type.Optional(Type.Boolean()),
    }),
    result: Closed({
      ok: Type.Boolean(),
      key: Type.Optional(Text),
      agentId: Type.Optional(Text),
      displayName: Type.Optional(Type.String()),
      /** Where a label stands for several. */
      candidates: Type.Optional(Type.Array(Candidate, { maxItems: 10 })),
    }),
    ...sessionRead,
    hidden: true,
  }),

  /** The newest messages, oldest first. A session that does not exist is empty. */
  "sessions.get": method({
    params: Open({
      key: Type.Optional(SessionKey),
      /** Another name of `key`. */
      sessionKey: Type.Optional(SessionKey),
      agentId: Type.Optional(Id),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, description: "Default 200." })),
    }),
    result: Closed({ messages: Type.Array(ChatMessage) }),
    ...sessionRead,
    hidden: true,
  }),

  /** What agents used, by session. Days are `YYYY-MM-DD`; default the last 30. */
  "sessions.usage": method({
    params: Open({
      key: Type.Optional(SessionKey),
      agentId: Type.Optional(Id),
      startDate: Type.Optional(Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}$" })),
      endDate: Type.Optional(Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}$" })),
      range: Type.Optional(Type.Enum(["7d", "30d", "90d", "1y", "all"])),
      mode: Type.Optional(Type.Enum(["utc", "gateway", "specific"])),
      /** With `mode: "specific"`, e.g. `UTC+2` or `UTC-03:30`. */
      utcOffset: Type.Optional(Type.String({ pattern: "^UTC([+-]\\d{1,2}(:[0-5]\\d)?)?$" })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, description: "Sessions; default 50." })),
    }),
    result: Closed({
      updatedAt: Time,
      startDate: Text,
      endDate: Text,
      /** The biggest first. */
      sessions: Type.Array(
        Closed({
          key: Text,
          label: Type.Optional(Type.String()),
          sessionId: Type.Optional(Text),
          updatedAt: Type.Optional(Time),
          agentId: Type.Optional(Text),
          channel: Type.Optional(Text),
          chatType: Type.Optional(Type.String()),
          modelProvider: Type.Optional(Type.String()),
          model: Type.Optional(Type.String()),
          usage: Closed({ ...totals, firstActivity: Time, lastActivity: Time }),
        }),
      ),
      totals: Totals,
      aggregates: Type.Object({
        byModel: Type.Array(
          Closed({ provider: Type.Optional(Type.String()), model: Type.Optional(Text), count: Count, totals: Totals }),
        ),
        byAgent: Type.Array(Closed({ agentId: Text, totals: Totals })),
        byChannel: Type.Array(Closed({ channel: Text, totals: Totals })),
        /** `messages`: turns. */
        daily: Type.Array(
          Closed({ date: Text, tokens: Count, cost: Type.Number(), messages: Count, toolCalls: Count, errors: Count }),
        ),
      }),
    }),
    ...sessionRead,
    hidden: true,
  }),
};
