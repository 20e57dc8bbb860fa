/** What there is to choose from: models, chat commands, and jobs that run by the clock. */
import { Type } from "@switchboard/domain/schema";
import { Closed, Count, Id, Open, Text, Time } from "../schema.ts";
import { commandFields, modelFields } from "../shapes/catalogue.ts";
import { BASE, method } from "./method.ts";

export const catalogueMethods = {
  /** The models that the agents are configured with, each once for each provider. The echo agent has none. */
  "models.list": method({
    params: Open({ agentId: Type.Optional(Id) }),
    result: Closed({
      models: Type.Array(
        Closed({
          ...modelFields,
          supportsTools: Type.Optional(Type.Boolean()),
          input: Type.Optional(Type.Array(Type.Enum(["text", "image"]))),
        }),
      ),
    }),
    scope: "operator.read",
    role: "operator",
    since: BASE,
  }),

  /** The commands that people may write in a chat. `includeArgs`: default yes. */
  "commands.list": method({
    params: Open({
      sessionKey: Type.Optional(Id),
      agentId: Type.Optional(Id),
      provider: Type.Optional(Id),
      scope: Type.Optional(Type.Enum(["text", "native", "both"])),
      includeArgs: Type.Optional(Type.Boolean()),
    }),
    result: Closed({
      commands: Type.Array(
        Closed({
          ...commandFields,
          scope: Type.Enum(["text", "native", "both"]),
          args: Type.Optional(
            Type.Array(
              Closed({
                name: Text,
                description: Type.String(),
                type: Type.Enum(["string", "number", "boolean"]),
                required: Type.Optional(Type.Boolean()),
              }),
            ),
          ),
        }),
      ),
    }),
    scope: "operator.read",
    role: "operator",
    since: BASE,
  }),

  /**
   * Agents do not run by the clock here: always empty. Messages that are sent later are no jobs, since a job is a turn
   * of an agent: `deliveries.list` with the state `scheduled` shows them.
   */
  "cron.list": method({
    params: Open({ limit: Type.Optional(Count), offset: Type.Optional(Count) }),
    result: Closed({
      jobs: Type.Array(Type.Never()),
      /** Changes with the list: never, since it stays empty. */
      snapshotRevision: Text,
      total: Count,
      offset: Count,
      limit: Count,
      hasMore: Type.Literal(false),
      nextOffset: Type.Null(),
    }),
    scope: "operator.read",
    role: "operator",
    since: BASE,
  }),
  "cron.status": method({
    params: Open({}),
    result: Closed({
      enabled: Type.Literal(false),
      jobs: Count,
      nextWakeAtMs: Type.Union([Time, Type.Null()]),
    }),
    scope: "operator.read",
    role: "operator",
    since: BASE,
  }),
};
