/** What was used, added up, record by record, and by day. */
import { Type } from "@switchboard/domain/schema";
import { Closed, Count, cursorField, Open, pageFields, Text, Time } from "../schema.ts";
import { ofTenant, usageBy, usageDate, usageSpan } from "../shapes/usage.ts";
import { BASE, method, OWN } from "./method.ts";

const read = { scope: "operator.read", role: "operator", since: OWN } as const;

const tokens = { inputTokens: Count, outputTokens: Count, cachedTokens: Count, reasoningTokens: Count };

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
  /** Runs whose cost is not known; only the sum is known of the others. */
  missingCostEntries: Count,
};

export const usageMethods = {
  /** Tokens and costs day by day, UTC. */
  "usage.cost": method({
    params: Open({
      days: Type.Optional(Type.Integer({ minimum: 1, maximum: 800, description: "Default 30." })),
      startDate: usageDate,
      endDate: usageDate,
      ...ofTenant,
    }),
    result: Closed({
      updatedAt: Time,
      days: Count,
      daily: Type.Array(Closed({ date: Text, ...totals })),
      totals: Closed(totals),
    }),
    scope: "operator.read",
    role: "operator",
    since: BASE,
  }),

  /** Sums of the records, by day, account, agent, session or model. */
  "usage.report": method({
    params: Open({ ...usageSpan, ...usageBy, ...ofTenant }),
    result: Closed({
      from: Text,
      to: Text,
      currency: Text,
      rows: Type.Array(
        Closed({
          /** The date, `channel:account`, agent, session or model; empty for no model. */
          key: Type.String(),
          runs: Count,
          failed: Count,
          /** Tries that failed after they had used something; their tokens and costs are in the sums. */
          retried: Count,
          durationMs: Count,
          ...tokens,
          /** In the currency. */
          cost: Type.Number({ minimum: 0 }),
          /** Records whose cost is not known. */
          unpriced: Count,
        }),
      ),
    }),
    ...read,
  }),

  /** Every run that ended, oldest first. */
  "usage.records": method({
    params: Open({ ...usageSpan, ...pageFields, ...ofTenant }),
    result: Closed({
      currency: Text,
      records: Type.Array(
        Closed({
          turn: Text,
          at: Time,
          channel: Text,
          accountId: Text,
          session: Text,
          agentId: Text,
          /** `retried`: a try that failed after it had used something. */
          outcome: Type.Enum(["done", "failed", "aborted", "expired", "retried"]),
          tries: Count,
          durationMs: Count,
          provider: Type.Optional(Text),
          model: Type.Optional(Text),
          inputTokens: Type.Optional(Count),
          outputTokens: Type.Optional(Count),
          cachedTokens: Type.Optional(Count),
          reasoningTokens: Type.Optional(Count),
          /** In the currency; absent when it is not known. */
          cost: Type.Optional(Type.Number({ minimum: 0 })),
        }),
      ),
      ...cursorField,
    }),
    ...read,
  }),

  /** What was counted, day by day. */
  "usage.days": method({
    params: Open({ ...usageSpan, ...ofTenant }),
    result: Closed({
      days: Type.Array(
        Closed({
          date: Text,
          messagesIn: Count,
          messagesOut: Count,
          /** Bytes. */
          mediaIn: Count,
          mediaOut: Count,
          runs: Count,
          inputTokens: Count,
          outputTokens: Count,
        }),
      ),
    }),
    ...read,
  }),
};
