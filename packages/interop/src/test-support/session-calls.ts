/** Calls about sessions: made, looked at, changed and ended again. */
import { randomUUID } from "node:crypto";
import type { Call, CallContext } from "./calls.ts";

type Answer = Readonly<Record<string, unknown>>;

/** A session of its own in which something was said. */
async function session({ operator }: CallContext): Promise<string> {
  const { key } = (await operator.request("sessions.create", { label: `Talk ${randomUUID()}` })) as { key: string };
  const params = { sessionKey: key, message: "hello", idempotencyKey: randomUUID() };
  await operator.request("agent", params, { expectFinal: true });
  return key;
}

const inSession =
  (method: string, params: (key: string) => Answer): Call =>
  async (context) =>
    context.operator.request(method, params(await session(context)));

const byKey = (method: string, more: Answer = {}) => inSession(method, (key) => ({ key, ...more }));
const bySessionKey = (method: string, more: Answer = {}) =>
  inSession(method, (sessionKey) => ({ sessionKey, ...more }));

async function messageOf(context: CallContext): Promise<unknown> {
  const sessionKey = await session(context);
  const { messages } = (await context.operator.request("chat.history", { sessionKey })) as {
    messages: readonly { readonly __openclaw?: { readonly id: string } }[];
  };
  return context.operator.request("chat.message.get", { sessionKey, messageId: messages[0]?.__openclaw?.id });
}

export const SESSION_CALLS: Readonly<Record<string, Call>> = {
  "sessions.create": ({ operator }) => operator.request("sessions.create", { label: `Talk ${randomUUID()}` }),
  "sessions.preview": inSession("sessions.preview", (key) => ({ keys: [key] })),
  "sessions.describe": byKey("sessions.describe"),
  "sessions.transcript": byKey("sessions.transcript"),
  "sessions.send": byKey("sessions.send", { message: "hello again" }),
  "sessions.abort": byKey("sessions.abort"),
  "sessions.patch": inSession("sessions.patch", (key) => ({ key, label: `Other ${randomUUID()}` })),
  "sessions.reset": byKey("sessions.reset"),
  "sessions.compact": byKey("sessions.compact", { maxLines: 1 }),
  "sessions.delete": byKey("sessions.delete"),
  "chat.startup": bySessionKey("chat.startup"),
  "chat.metadata": bySessionKey("chat.metadata"),
  "chat.message.get": messageOf,
  "agent.identity.get": ({ operator }) => operator.request("agent.identity.get", { agentId: "main" }),
  "message.action": async ({ channel, operator, simulator }) => {
    const { conversation } = await simulator.say({ from: "Reader", text: "hello" });
    const params = { to: conversation, message: "hello" };
    // As the command line says it; what may be done does not follow from it.
    const claims = { senderIsOwner: true, conversationReadOrigin: "direct-operator" };
    const idempotencyKey = randomUUID();
    return operator.request("message.action", { channel, action: "send", params, ...claims, idempotencyKey });
  },
};
