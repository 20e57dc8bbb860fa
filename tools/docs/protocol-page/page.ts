/** docs/protocol.md: what whoever writes a client needs to know. */
import { PROTOCOL_VERSION } from "@switchboard/protocol";
import type { Catalogue } from "../catalogue.ts";
import { FieldTables } from "../markdown.ts";
import { connecting, signing } from "./connecting.ts";
import { eventIndex, eventSection } from "./events.ts";
import { methodIndex, methodSection, notHere } from "./methods.ts";
import { closing, errors, frames, limits, order, scopes } from "./rules.ts";
import { types } from "./types.ts";

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
