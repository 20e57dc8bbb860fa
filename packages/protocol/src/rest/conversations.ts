/** Conversations of the tenant's accounts: what was said, and saying something. */
import { Type } from "@switchboard/domain/schema";
import { Closed, Count, Id, Text, Time } from "../schema.ts";
import { DeliveryDetail, DeliveryPriority } from "../shapes/delivery.ts";
import { TranscriptEntry } from "../shapes/session.ts";
import { route } from "./route.ts";
import { ChannelName, PageOf, pageQuery } from "./shapes.ts";

/** One with the agent that answers in it. */
const Conversation = Closed({
  /** As `key` in the address, percent-encoded. */
  key: Text,
  channel: Text,
  accountId: Text,
  /** The platform's id of the chat. */
  conversation: Text,
  kind: Type.Enum(["direct", "group", "channel"]),
  title: Type.Optional(Text),
  agentId: Text,
  /** The newest of what was said, shortened. */
  preview: Type.Optional(Type.String()),
  entries: Count,
  createdAt: Time,
  lastActiveAt: Time,
});

const Key = Type.Object({ key: Id });

export const conversationRoutes = {
  "conversations.list": route({
    method: "GET",
    path: "/conversations",
    summary: "The tenant's conversations, those that were active last first.",
    scope: "messages:read",
    query: Closed({
      ...pageQuery,
      channel: Type.Optional(ChannelName),
      search: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
    }),
    answer: PageOf(Conversation),
  }),
  "conversations.get": route({
    method: "GET",
    path: "/conversations/{key}",
    summary: "One conversation.",
    scope: "messages:read",
    params: Key,
    answer: Conversation,
  }),
  "conversations.messages": route({
    method: "GET",
    path: "/conversations/{key}/messages",
    summary: "What was said in a conversation, the newest page first, each page oldest first.",
    scope: "messages:read",
    params: Key,
    query: Closed(pageQuery),
    answer: PageOf(TranscriptEntry),
  }),
};

export const messageRoutes = {
  "messages.send": route({
    method: "POST",
    path: "/messages",
    summary:
      "Sends a message without an agent, now or later. The same Idempotency-Key again sends nothing more, for as long as messages are kept, and answers with what became of the message by then.",
    scope: "messages:write",
    onceByItself: true,
    body: Closed({
      channel: ChannelName,
      accountId: Type.Optional(Id),
      to: Type.String({ minLength: 1, maxLength: 512, description: "As the platform writes addresses." }),
      text: Type.Optional(Type.String({ maxLength: 65_536, description: "Markdown." })),
      mediaUrls: Type.Optional(Type.Array(Type.String({ maxLength: 2_048 }), { maxItems: 10 })),
      threadId: Type.Optional(Id),
      replyTo: Type.Optional(Id),
      sendAt: Type.Optional(Time),
      priority: Type.Optional(DeliveryPriority),
    }),
    status: 202,
    answer: Closed({
      state: Type.Enum(["sent", "queued", "scheduled"]),
      channel: Text,
      conversation: Text,
      /** Ask `GET /deliveries/{id}` what became of each. */
      deliveryIds: Type.Array(Text),
    }),
    errors: ["CFG_003", "MSG_003", "MSG_004", "MSG_005", "MSG_008", "CONN_001", "SEC_007"],
  }),
  "messages.get": route({
    method: "GET",
    path: "/messages/{id}",
    summary: "What became of a message, by its delivery's id.",
    scope: "messages:read",
    params: Type.Object({ id: Id }),
    answer: DeliveryDetail,
  }),
};
