/** How a client connects, and what its device signs. */
import { readFileSync } from "node:fs";
import { LIMITS, OLDEST_NODE_PROTOCOL, PROTOCOL_VERSION } from "@switchboard/protocol";
import { type FieldTables, table } from "../markdown.ts";
import { seconds } from "./words.ts";

/** A proof with a known key, so that whoever writes a client can compare each step; the protocol's tests check it. */
const SIGNING_EXAMPLE = new URL("../../../packages/protocol/fixtures/device-auth.json", import.meta.url);

export function connecting(fields: FieldTables): string {
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

export function signing(): string {
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
${readFileSync(SIGNING_EXAMPLE, "utf8").trim()}
\`\`\``;
}
