/** What can be done with messages of a conversation besides sending text: changing and removing them, reactions, polls. */
import { Type } from "@switchboard/domain/schema";
import { Closed, Id, IdempotencyKey, Open, Text } from "../schema.ts";
import { SessionKey } from "../shapes/session.ts";
import { BASE, method } from "./method.ts";

export const messageActionMethods = {
  /**
   * `send` takes what the method `send` takes. `edit` (`to`, `messageId`, `message`) and `delete` (`to`, `messageId`)
   * reach messages that went out through this gateway, `react` (`to`, `messageId`, and `emoji` or `remove: true`) any
   * message of the conversation, each where the channel can do it. Everything else is refused.
   */
  "message.action": method({
    params: Open({
      channel: Id,
      action: Id,
      params: Type.Record(Type.String(), Type.Unknown()),
      idempotencyKey: IdempotencyKey,
      accountId: Type.Optional(Id),
      sessionKey: Type.Optional(SessionKey),
      agentId: Type.Optional(Id),
      reply: Type.Optional(Open({ replyToId: Id })),
    }),
    /** Open: what a channel tells of the action. */
    result: Type.Object({
      ok: Type.Literal(true),
      action: Type.Enum(["send", "edit", "delete", "react"]),
      channel: Text,
      accountId: Text,
      messageId: Text,
      chatId: Text,
    }),
    scope: "operator.write",
    role: "operator",
    since: BASE,
    idempotent: { meanwhile: "join", binds: ["channel", "accountId", "action", "params", "reply"] },
  }),

  /** A question with answers to choose from. No channel can do it yet: it is refused, saying so. */
  poll: method({
    params: Open({
      to: Id,
      question: Type.String({ minLength: 1, maxLength: 4_096 }),
      options: Type.Array(Type.String({ minLength: 1, maxLength: 512 }), { minItems: 2, maxItems: 12 }),
      maxSelections: Type.Optional(Type.Integer({ minimum: 1, maximum: 12 })),
      durationSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 604_800 })),
      durationHours: Type.Optional(Type.Integer({ minimum: 1 })),
      silent: Type.Optional(Type.Boolean()),
      isAnonymous: Type.Optional(Type.Boolean()),
      threadId: Type.Optional(Id),
      channel: Type.Optional(Id),
      accountId: Type.Optional(Id),
      idempotencyKey: IdempotencyKey,
    }),
    result: Closed({ runId: Text, messageId: Text, channel: Text, pollId: Type.Optional(Text) }),
    scope: "operator.write",
    role: "operator",
    since: BASE,
    hidden: true,
    idempotent: {
      meanwhile: "join",
      binds: ["channel", "accountId", "to", "threadId", "question", "options", "maxSelections"],
    },
  }),
};
