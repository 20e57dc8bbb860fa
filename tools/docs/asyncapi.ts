/** docs/asyncapi.json: the gateway's side of the one WebSocket, as AsyncAPI 3 has it. */
import { PROTOCOL_VERSION } from "@switchboard/protocol";
import type { Catalogue } from "./catalogue.ts";
import { type JsonSchema, mapSchema, mapValues, reference, referred } from "./json-schema.ts";

const CHANNEL = { $ref: "#/channels/gateway" };

interface Message {
  readonly title: string;
  readonly summary?: string;
  readonly payload: unknown;
}

export function asyncApi({ definitions, methods, events }: Catalogue): Record<string, unknown> {
  const messages: Record<string, Message> = {
    "connect.request": { title: "connect", payload: request("connect", reference("ConnectParams")) },
    "connect.response": { title: "Answer to connect", payload: response(reference("HelloOk")) },
  };
  const operations: Record<string, unknown> = {
    "call.connect": {
      ...call("connect", ["connect.response"]),
      summary: "Must be the first request of a connection.",
    },
  };
  for (const [name, method] of Object.entries(methods)) {
    const { description, params, result, accepted, idempotent, ...about } = method;
    messages[`${name}.request`] = { title: name, payload: request(name, params) };
    messages[`${name}.response`] = { title: `Answer to ${name}`, payload: response(result) };
    if (accepted) messages[`${name}.accepted`] = { title: `First answer to ${name}`, payload: response(accepted) };
    operations[`call.${name}`] = {
      ...call(name, [...(accepted ? [`${name}.accepted`] : []), `${name}.response`]),
      ...(description && { summary: description }),
      ...extensions({ ...about, ...(idempotent && { idempotent }) }),
    };
  }
  for (const [name, { description, payload, ...about }] of Object.entries(events)) {
    messages[`${name}.event`] = { title: name, payload: event(name, payload) };
    operations[`event.${name}`] = {
      action: "send",
      channel: CHANNEL,
      messages: [inChannel(`${name}.event`)],
      ...(description && { summary: description }),
      ...extensions(about),
    };
  }
  const credentials = definitions.ConnectAuth?.properties ?? {};
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Switchboard gateway protocol",
      version: `${PROTOCOL_VERSION}.0.0`,
      description: "Operations are the gateway's: it receives requests and sends answers and events.",
      license: { name: "MIT" },
    },
    defaultContentType: "application/json",
    servers: {
      gateway: {
        host: "{host}",
        protocol: "ws",
        description: "The gateway's one port; `wss` where it is reached over a network.",
        variables: { host: { description: "Host and port.", default: "127.0.0.1:18789" } },
        security: [...Object.keys(credentials), "device"].map((name) => ({
          $ref: `#/components/securitySchemes/${name}`,
        })),
      },
    },
    channels: {
      gateway: {
        address: "/",
        title: "The WebSocket",
        messages: Object.fromEntries(
          Object.keys(messages).map((name) => [name, { $ref: `#/components/messages/${name}` }]),
        ),
      },
    },
    operations,
    components: {
      securitySchemes: {
        ...Object.fromEntries(
          Object.entries(credentials).map(([name, { description }]) => [
            name,
            {
              type: "apiKey",
              in: "password",
              description: [`In \`connect\` as \`auth.${name}\`.`, description].filter(Boolean).join(" "),
            },
          ]),
        ),
        device: {
          type: "asymmetricEncryption",
          description: "An Ed25519 signature over the challenge, in `connect` as `device`.",
        },
      },
      messages,
      schemas: mapValues(definitions, inComponents),
    },
  };
}

function call(name: string, answers: readonly string[]) {
  return {
    action: "receive",
    channel: CHANNEL,
    messages: [inChannel(`${name}.request`)],
    reply: { channel: CHANNEL, messages: answers.map(inChannel) },
  };
}

function inChannel(message: string) {
  return { $ref: `#/channels/gateway/messages/${message}` };
}

function request(method: string, params: JsonSchema) {
  return inFrame("RequestFrame", { method: { const: method }, params }, ["params"]);
}

function response(payload: JsonSchema) {
  return inFrame("ResponseFrame", { payload });
}

function event(name: string, payload: JsonSchema) {
  return inFrame("EventFrame", { event: { const: name }, payload }, ["payload"]);
}

function inFrame(frame: string, properties: Record<string, JsonSchema>, required: readonly string[] = []) {
  return {
    allOf: [
      inComponents(reference(frame)),
      { properties: mapValues(properties, inComponents), ...(required.length > 0 && { required }) },
    ],
  };
}

function inComponents(schema: JsonSchema): JsonSchema {
  return mapSchema(schema, (each) => {
    const name = referred(each);
    return name === undefined ? each : { ...each, $ref: `#/components/schemas/${name}` };
  });
}

/** `scope` → `x-scope`. */
function extensions(about: Record<string, unknown>) {
  return Object.fromEntries(Object.entries(about).map(([name, value]) => [`x-${name}`, value]));
}
