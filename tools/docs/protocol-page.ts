/** docs/protocol.md: what whoever writes a client needs to know. */
import {
  CLOSE,
  CONNECT_ERRORS,
  GATEWAY_ERRORS,
  holds,
  LIMITS,
  NOT_HERE,
  OLDEST_NODE_PROTOCOL,
  PROTOCOL_VERSION,
  SCOPES,
} from "@switchboard/protocol";
import type { Catalogue, EventEntry, MethodEntry } from "./catalogue.ts";
import { type JsonSchema, referred } from "./json-schema.ts";
import { anchor, code, FieldTables, table } from "./markdown.ts";
import { testVector } from "./test-vector.ts";

export function protocolPage(catalogue: Catalogue): string {
  const fields = new FieldTables(catalogue.definitions);
  const sections = [
    introduction(),
    connecting(fields),
    signing(),
    frames(fields),
    order(),
    errors(),
    closing(catalogue),
    limits(catalogue),
    scopes(),
    methodIndex(catalogue),
    ...Object.entries(catalogue.methods).map(([name, method]) => methodSection(name, method, fields)),
    notHere(),
    eventIndex(catalogue),
    ...Object.entries(catalogue.events).map(([name, event]) => eventSection(name, event, fields)),
    types(catalogue, fields),
  ];
  return `${sections.join("\n\n")}\n`;
}

function introduction(): string {
  return `# The gateway protocol

One WebSocket carries everything that clients, devices and nodes do with Switchboard. This page is made from the schemas in \`packages/protocol\` (\`npm run docs\`), so it says what the gateway checks. The same schemas are there as [JSON Schema](protocol.schema.json), as [AsyncAPI](asyncapi.json), and as types for [Swift](clients/swift/SwitchboardProtocol.swift) and [Kotlin](clients/kotlin/SwitchboardProtocol.kt). The tests parse the last two with the tree-sitter grammars of their languages; they do not compile them. The package \`@switchboard/client\` is a client in TypeScript.

The version of the protocol is ${PROTOCOL_VERSION}. It grows by fields, methods and events that were not there before: ignore what you do not know. The gateway does the same with what you send.

In the tables \`field?\` may be left out, and \`list[].field\` is a field of each element. Times are Unix milliseconds unless a field says otherwise. "Map to" is an object with keys of your or the gateway's choice.`;
}

function connecting(fields: FieldTables): string {
  return `## Connecting

1. Open a WebSocket to the gateway's port, e.g. \`ws://127.0.0.1:18789/\`, or \`wss://\` over a network. Frames are text, one JSON object each. Compression is off.
2. The gateway speaks first: event \`connect.challenge\` with a \`nonce\`.
3. Send the request \`connect\`. It must be the first one; anything else closes the connection. \`minProtocol\` and \`maxProtocol\` are a range that contains ${PROTOCOL_VERSION}; nodes and probes may still offer ${OLDEST_NODE_PROTOCOL}.
4. The answer is \`hello-ok\`: what the gateway can do, what you may do, and the state of things now. Events come only after it. A refusal is an error with \`details.code\`, after which the connection is closed.

All of it must be done within ${seconds(LIMITS.handshakeMs)}. What you may do is in \`hello-ok.auth.scopes\`: never more than what you asked for in \`connect.scopes\`, so a client that asks for none may do almost nothing. \`hello-ok.features\` lists the methods and events of this gateway: use no others.

Keep \`hello-ok.auth.deviceToken\` where nobody else can read it, and send it as \`auth.deviceToken\` when you come back. A new token replaces the old one. A device that nobody has approved yet is refused with \`NOT_PAIRED\` and \`details.code\` \`PAIRING_REQUIRED\`; \`details.requestId\` is what an operator approves.

### What \`connect\` takes

${fields.of("ConnectParams")}

### hello-ok

${fields.of("HelloOk")}`;
}

/** Parameters of the same protocol elsewhere. */
function notHere(): string {
  const rows = Object.entries(NOT_HERE).flatMap(([method, { ignored = {}, refused = {} }]) => [
    ...Object.entries(refused).map(([name, why]) => [method, name, "refused", why]),
    ...Object.entries(ignored).map(([name, why]) => [method, name, "ignored", why]),
  ]);
  return `## Parameters of other gateways

Clients that were made for other gateways of this protocol may send more than this one has a use for. What would change what a request does is refused with \`INVALID_REQUEST\`, so that nobody takes it for done; a value that asks for nothing (\`null\`, \`false\`, an empty text or list) is not. What changes nothing that the caller could notice is ignored. Any other field that is not described here is ignored, too.

${table(
  ["Method", "Parameter", "Here", "Why"],
  rows.map(([method = "", name = "", what = "", why = ""]) => [code(method), code(name), what, `${why}.`]),
)}`;
}

function signing(): string {
  const vector = testVector();
  return `### What a device signs

A device has an Ed25519 key. Its id is the lower-case hex SHA-256 of the 32 raw bytes of its public key. \`device.publicKey\` and \`device.signature\` are base64url without padding. The signature covers the UTF-8 bytes of one line, its fields joined by \`|\`:

\`\`\`
v3|deviceId|clientId|clientMode|role|scopes|signedAt|token|nonce|platform|deviceFamily
\`\`\`

${table(
  ["Field", "What stands there"],
  [
    ["`clientId`, `clientMode`", "`client.id` and `client.mode` as sent."],
    ["`role`", "`role` as sent; `operator` when it was left out."],
    ["`scopes`", "`scopes` in the order sent, joined by `,`; empty when there are none."],
    [
      "`signedAt`",
      `Unix milliseconds, at most ${seconds(LIMITS.deviceSkewMs)} off the gateway's clock. Use the challenge's \`ts\`.`,
    ],
    [
      "`token`",
      "`auth.token`, or else `auth.deviceToken`, or else `auth.bootstrapToken`, or else empty. Never the password.",
    ],
    ["`nonce`", "The challenge's. It is good for this connection only."],
    [
      "`platform`, `deviceFamily`",
      "`client.platform` and `client.deviceFamily` without white space around them, A-Z in lower case and no other letter changed; empty when left out.",
    ],
  ],
)}

The older form begins with \`v2\` and ends after \`nonce\`; it is still accepted. With this key the proof looks as follows:

\`\`\`json
${JSON.stringify(vector, null, 2)}
\`\`\``;
}

function frames(fields: FieldTables): string {
  const sections = [
    [
      "Request",
      "RequestFrame",
      "Client to gateway. `id` is yours and comes back with the answer; answers may come in another order than the requests.",
    ],
    [
      "Response",
      "ResponseFrame",
      "Gateway to client. Methods that answer twice use the same `id` twice; the first answer's `status` is `accepted`.",
    ],
    ["Event", "EventFrame", "Gateway to client."],
  ] as const;
  return [
    "## Frames",
    ...sections.map(([title, name, about]) => `### ${title}\n\n${about}\n\n${fields.of(name)}`),
  ].join("\n\n");
}

function order(): string {
  return `## Sequence numbers and gaps

\`seq\` counts, per connection and from 1, the events that were meant for you. Events that a slow connection missed are counted too, and nothing is ever sent again: when \`seq\` jumps, or after a reconnect, read anew what you show (\`health\`, \`system-presence\`, \`sessions.list\`, \`chat.history\`). Events that go to one client only have no \`seq\`. The \`seq\` inside \`chat\` and \`agent\` payloads counts within a run.

\`stateVersion\` tells whether a snapshot is older than an event: each of its numbers grows with every change of what it counts.

The gateway sends \`tick\` every ${seconds(LIMITS.tickMs)}. A client that hears nothing for twice as long should close with ${CLOSE.silent} and connect again.

## Doing things once

Methods with an \`idempotencyKey\` act once for each key: call again with the same key when you do not know whether the first call arrived. A key is remembered for ${seconds(LIMITS.idempotency.ttlMs)}, unless the method says more. The same key with other content is an error.`;
}

function errors(): string {
  return `## Errors

\`error.code\` is one of ${GATEWAY_ERRORS.map(code).join(", ")}; expect others. \`error.details.code\` says more: a code of the table in [errors.md](errors.md), or \`MISSING_SCOPE\` with \`missingScope\` and \`requiredScopes\`. \`details.action\` says what to do next. Try again only where \`retryable\` is true, and not before \`retryAfterMs\`.

A refused \`connect\` has one of these as \`details.code\`:

${CONNECT_ERRORS.map((each) => `- ${code(each)}`).join("\n")}`;
}

function closing({ commentsOf }: Catalogue): string {
  const about = commentsOf("CLOSE")?.properties;
  return `## Close codes

${table(
  ["Code", "Meaning"],
  Object.entries(CLOSE).map(([name, number]) => [number, about?.get(name)?.text ?? name]),
)}`;
}

function limits({ commentsOf }: Catalogue): string {
  const about = commentsOf("LIMITS")?.properties;
  return `## Limits

Sizes are bytes, times milliseconds. \`hello-ok.policy\` has those that a client must keep.

${table(
  ["Limit", "Figure", "Meaning"],
  Object.entries(LIMITS).map(([name, figure]) => [
    code(name),
    typeof figure === "number"
      ? figure
      : Object.entries(figure)
          .map(([part, each]) => `${part} ${each}`)
          .join(", "),
    about?.get(name)?.text ?? "",
  ]),
)}`;
}

function scopes(): string {
  const rows = SCOPES.map((scope) => {
    const implied = SCOPES.filter((other) => other !== scope && holds([scope], other));
    return [code(scope), implied.length === SCOPES.length - 1 ? "every other" : implied.map(code).join(", ") || "none"];
  });
  return `## Scopes

An operator holds scopes; some contain others. A node holds none: it may call what is for nodes, and nothing else.

${table(["Scope", "Contains"], rows)}`;
}

function methodIndex({ methods }: Catalogue): string {
  const rows = Object.entries(methods).map(([name, method]) => [
    `[${name}](#${methodAnchor(name)})`,
    scopeOf(method),
    roleWords(method.role),
    method.since,
    [method.hidden && "Not advertised.", firstSentence(method.description ?? "")].filter(Boolean).join(" "),
  ]);
  return `## Methods\n\n${table(["Method", "Scope", "Role", "Since", "What it does"], rows)}`;
}

function methodSection(name: string, method: MethodEntry, fields: FieldTables): string {
  const { description, params, result, accepted, role, since, hidden, controlPlane, idempotent } = method;
  const { calls, windowMs } = LIMITS.controlPlaneWrites;
  const meanwhile = { join: "waits for the first one's answer", "in-flight": "is told `in_flight` at once" };
  const facts = [
    `Scope: ${scopeOf(method)}. Role: ${roleWords(role)}. Since: ${since}.`,
    ...(method.alsoScopes ?? []).map(({ scope, when, unless }) =>
      when === undefined
        ? `Needs ${code(scope)}, too, unless the parameters fit ${code(JSON.stringify(unless))}.`
        : `Needs ${code(scope)}, too, when the parameters fit ${code(JSON.stringify(when))}.`,
    ),
    hidden && "Works, but is not advertised.",
    controlPlane && `At most ${calls} calls in ${seconds(windowMs)}.`,
    idempotent &&
      `Acts once for each \`idempotencyKey\`; ${idempotent.binds.map(code).join(", ")} must be the same again. A repetition while the first call works ${meanwhile[idempotent.meanwhile]}.`,
  ].filter(Boolean);
  return [
    `<a id="${methodAnchor(name)}"></a>\n\n### ${name}`,
    ...(description ? [description] : []),
    facts.join(" "),
    part("Parameters", `${name}.params`, params, fields),
    ...(accepted ? [part("First answer", `${name}.accepted`, accepted, fields)] : []),
    part(accepted ? "Last answer" : "Result", `${name}.result`, result, fields),
  ].join("\n\n");
}

function eventIndex({ events }: Catalogue): string {
  const rows = Object.entries(events).map(([name, { scope, dropIfSlow, description = "" }]) => [
    `[${name}](#${eventAnchor(name)})`,
    audienceWords(scope),
    dropIfSlow ? "yes" : "no",
    firstSentence(description),
  ]);
  return `## Events

What is left out for a client that does not keep up shows as a gap in \`seq\`. A client that falls behind on the others is closed with ${CLOSE.policy}.

${table(["Event", "Who gets it", "Left out when slow", "What it says"], rows)}`;
}

function eventSection(name: string, { description, payload, scope }: EventEntry, fields: FieldTables): string {
  return [
    `<a id="${eventAnchor(name)}"></a>\n\n### ${name}`,
    ...(description ? [description] : []),
    `Who gets it: ${audienceWords(scope)}.`,
    part("Payload", `${name}.event`, payload, fields),
  ].join("\n\n");
}

/** The type is told here when it belongs to this method or event alone, else among the types. */
function part(title: string, of: string, schema: JsonSchema, fields: FieldTables): string {
  const type = referred(schema) ?? "";
  return isOwn(type, of) ? `**${title}** (\`${type}\`)\n\n${fields.of(type)}` : `**${title}**: ${fields.type(schema)}`;
}

/** Whether a type is named after the part of the method or event that it is. */
function isOwn(type: string, of: string): boolean {
  return type.toLowerCase() === of.toLowerCase().replace(/[^a-z0-9]/g, "");
}

function types({ definitions, methods, events }: Catalogue, fields: FieldTables): string {
  const told = new Set([
    "ConnectParams",
    "HelloOk",
    "RequestFrame",
    "ResponseFrame",
    "EventFrame",
    ...Object.entries(methods).flatMap(([name, method]) =>
      (["params", "accepted", "result"] as const).flatMap((each) => {
        const type = referred(method[each] ?? {}) ?? "";
        return isOwn(type, `${name}.${each}`) ? [type] : [];
      }),
    ),
    ...Object.entries(events).flatMap(([name, { payload }]) => {
      const type = referred(payload) ?? "";
      return isOwn(type, `${name}.event`) ? [type] : [];
    }),
  ]);
  const sections = Object.keys(definitions)
    .filter((name) => !told.has(name) && !fields.isInlined(name))
    .map((name) => {
      const { description } = definitions[name] ?? {};
      const head = `<a id="${anchor(name)}"></a>\n\n### ${name}`;
      return [head, ...(description ? [description] : []), fields.of(name)].join("\n\n");
    });
  return ["## Types", "Shapes that several methods and events share.", ...sections].join("\n\n");
}

function scopeOf({ scope, orScope }: MethodEntry): string {
  const either = [scope, orScope].filter((each) => typeof each === "string");
  return either.length === 0 ? "none" : either.map(code).join(" or ");
}

function roleWords(role: string): string {
  return role === "any" ? "any" : code(role);
}

function audienceWords(scope: string | null): string {
  if (scope === null) return "everyone";
  if (scope === "node") return "the node it is meant for";
  return scope === "handshake" ? "whoever just connected" : `operators with ${code(scope)}`;
}

function methodAnchor(name: string): string {
  return `method-${name}`;
}

function eventAnchor(name: string): string {
  return `event-${name}`;
}

function seconds(milliseconds: number): string {
  return milliseconds % 60_000 === 0 ? `${milliseconds / 60_000} min` : `${milliseconds / 1000} s`;
}

function firstSentence(text: string): string {
  return /^.*?[.?!](?=\s|$)/.exec(text)?.[0] ?? text;
}
