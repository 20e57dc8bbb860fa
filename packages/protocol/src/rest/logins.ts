/** Logging an account in by steps, where nobody pastes a secret: a QR code, a code to type, a page of the platform. */
import { Type } from "@switchboard/domain/schema";
import { Closed, Text, Time } from "../schema.ts";
import { route } from "./route.ts";
import { ChannelName, ConnectionName, Credential, Settings } from "./shapes.ts";

const WhichLogin = Type.Object({
  channel: ChannelName,
  id: Type.String({ pattern: "^[A-Za-z0-9_-]{1,64}(\\.[a-z0-9][a-z0-9_-]{0,31})?$" }),
});

const LoginShape = Closed({
  id: Text,
  channel: Text,
  /** Of the account that is made of it. */
  accountId: Text,
  /** How it begins. */
  kind: Type.Enum(["qr", "code", "redirect"]),
  /** `wait`: for the platform. `done`, `failed`, `expired` and `cancelled` are its end. */
  state: Type.Enum(["wait", "qr", "code", "redirect", "done", "failed", "expired", "cancelled"]),
  /** Grows with every change. */
  revision: Type.Integer({ minimum: 1 }),
  /** One line for people: what to do, or what happened. */
  text: Type.String(),
  /** It has come to an end by then. */
  expiresAt: Time,
  /** In state `qr`: what the code says, and its picture (PNG) as a `data:` URL. A later one replaces it. */
  qr: Type.Optional(Closed({ payload: Text, image: Text })),
  /** In state `redirect`: the page to open. */
  url: Type.Optional(Text),
  /** Why it failed or expired. */
  error: Type.Optional(Closed({ code: Text, message: Type.String(), action: Type.String() })),
});

export const loginRoutes = {
  "logins.begin": route({
    method: "POST",
    path: "/channels/{channel}/login",
    summary: "Begins to log the tenant's account of a channel in by steps; answers with the first step.",
    scope: "channels:write",
    limited: "channels",
    params: Type.Object({ channel: ChannelName }),
    body: Closed({
      name: Type.Optional(ConnectionName),
      credential: Type.Optional(Credential),
      settings: Type.Optional(Settings),
      restart: Type.Optional(
        Type.Boolean({ description: "Takes the place of one that is under way; else that is refused." }),
      ),
    }),
    status: 201,
    answer: LoginShape,
    errors: ["CFG_001", "CFG_002", "REQ_004"],
  }),
  "logins.get": route({
    method: "GET",
    path: "/channels/{channel}/login/{id}",
    summary: "A login as it is; with `revision`, once it is past that.",
    scope: "channels:write",
    params: WhichLogin,
    query: Closed({
      revision: Type.Optional(Type.Integer({ minimum: 0, description: "Answers when it is past this, or in time." })),
      waitMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 25_000, description: "For how long. Default 20000." })),
    }),
    answer: LoginShape,
  }),
  "logins.events": route({
    method: "GET",
    path: "/channels/{channel}/login/{id}/events",
    summary: "The same as server-sent events, one a change, until its end. `Last-Event-ID` is a revision.",
    scope: "channels:write",
    params: WhichLogin,
    stream: true,
    answer: LoginShape,
  }),
  "logins.code": route({
    method: "POST",
    path: "/channels/{channel}/login/{id}/code",
    summary: "Gives the code that is asked for.",
    scope: "channels:write",
    params: WhichLogin,
    body: Closed({ code: Type.String({ minLength: 1, maxLength: 64 }) }),
    answer: LoginShape,
    errors: ["REQ_004"],
  }),
  "logins.cancel": route({
    method: "DELETE",
    path: "/channels/{channel}/login/{id}",
    summary: "Cancels a login. One that has ended stays as it ended.",
    scope: "channels:write",
    params: WhichLogin,
    answer: LoginShape,
    errors: ["REQ_004"],
  }),
};
