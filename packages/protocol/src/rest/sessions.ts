/** What agents remember of conversations, and with which model they answer. */
import { Type } from "@switchboard/domain/schema";
import { Closed, Id } from "../schema.ts";
import { SessionRow } from "../shapes/session.ts";
import { route } from "./route.ts";
import { ChannelName, PageOf, pageQuery } from "./shapes.ts";

const Key = Type.Object({ key: Id });
const Choice = Type.Optional(
  Type.Union([Type.String({ minLength: 1, maxLength: 256 }), Type.Null()], { description: "`null` takes it back." }),
);

export const sessionRoutes = {
  "sessions.list": route({
    method: "GET",
    path: "/sessions",
    summary: "The tenant's sessions, those that were active last first.",
    scope: "sessions:read",
    query: Closed({ ...pageQuery, channel: Type.Optional(ChannelName), agentId: Type.Optional(Id) }),
    answer: PageOf(SessionRow),
  }),
  "sessions.get": route({
    method: "GET",
    path: "/sessions/{key}",
    summary: "One session.",
    scope: "sessions:read",
    params: Key,
    answer: SessionRow,
  }),
  "sessions.patch": route({
    method: "PATCH",
    path: "/sessions/{key}",
    summary: "Chooses a session's label, model and levels.",
    scope: "sessions:write",
    params: Key,
    body: Closed({
      label: Choice,
      model: Choice,
      thinkingLevel: Choice,
      verbosity: Choice,
      reasoningLevel: Choice,
    }),
    answer: SessionRow,
  }),
  "sessions.reset": route({
    method: "POST",
    path: "/sessions/{key}/reset",
    summary: "Stops what runs and begins anew: the agent forgets, what was chosen stays.",
    scope: "sessions:write",
    params: Key,
    answer: SessionRow,
  }),
};
