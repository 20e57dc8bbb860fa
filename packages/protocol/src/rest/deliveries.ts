/** What goes out, and what could not be done. */
import { Type } from "@switchboard/domain/schema";
import { Closed, Id, Text } from "../schema.ts";
import {
  DeadLetterDetail,
  DeadLetterKind,
  DeadLetterRow,
  DeliveryDetail,
  DeliveryRow,
  DeliveryState,
} from "../shapes/delivery.ts";
import { route } from "./route.ts";
import { ChannelName, PageOf, pageQuery } from "./shapes.ts";

const ById = Type.Object({ id: Id });

export const deliveryRoutes = {
  "deliveries.list": route({
    method: "GET",
    path: "/deliveries",
    summary: "Messages on their way out, the newest first.",
    scope: "messages:read",
    query: Closed({
      ...pageQuery,
      channel: Type.Optional(ChannelName),
      accountId: Type.Optional(Id),
      state: Type.Optional(DeliveryState),
    }),
    answer: PageOf(DeliveryRow),
  }),
  "deliveries.get": route({
    method: "GET",
    path: "/deliveries/{id}",
    summary: "One delivery with its payload and every attempt.",
    scope: "messages:read",
    params: ById,
    answer: DeliveryDetail,
  }),
  "deliveries.cancel": route({
    method: "POST",
    path: "/deliveries/{id}/cancel",
    summary: "Takes back what was not sent yet.",
    scope: "messages:write",
    params: ById,
    answer: Closed({ id: Text, cancelled: Type.Literal(true) }),
    errors: ["REQ_004"],
  }),
};

export const deadLetterRoutes = {
  "deadLetters.list": route({
    method: "GET",
    path: "/dead-letters",
    summary: "What could not be processed or sent and waits for a person, the newest first.",
    scope: "messages:read",
    query: Closed({
      ...pageQuery,
      kind: Type.Optional(DeadLetterKind),
      resolved: Type.Optional(Type.Boolean()),
    }),
    answer: PageOf(DeadLetterRow),
  }),
  "deadLetters.get": route({
    method: "GET",
    path: "/dead-letters/{id}",
    summary: "One dead letter with what could not be processed or sent.",
    scope: "messages:read",
    params: ById,
    answer: DeadLetterDetail,
  }),
  "deadLetters.replay": route({
    method: "POST",
    path: "/dead-letters/{id}/replay",
    summary: "Puts it back to work. False when it was resolved already.",
    scope: "messages:write",
    params: ById,
    answer: Closed({ id: Text, replayed: Type.Boolean() }),
  }),
  "deadLetters.discard": route({
    method: "POST",
    path: "/dead-letters/{id}/discard",
    summary: "Resolves it without doing anything. False when it was resolved already.",
    scope: "messages:write",
    params: ById,
    answer: Closed({ id: Text, discarded: Type.Boolean() }),
  }),
};
