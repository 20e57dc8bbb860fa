/** docs/protocol.schema.json: the protocol for other languages, editors and checks. */
import { PROTOCOL_VERSION } from "@switchboard/protocol";
import type { Catalogue } from "./catalogue.ts";
import { reference } from "./json-schema.ts";

/** `$defs` holds every type by its name; `methods` and `events` say what they are made of and who may use them. */
export function protocolSchema({ definitions, methods, events }: Catalogue): Record<string, unknown> {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Switchboard gateway protocol",
    description: "A frame of the protocol. The page docs/protocol.md says how they follow each other.",
    version: PROTOCOL_VERSION,
    oneOf: ["RequestFrame", "ResponseFrame", "EventFrame"].map(reference),
    handshake: {
      challenge: events["connect.challenge"]?.payload,
      params: reference("ConnectParams"),
      result: reference("HelloOk"),
    },
    methods,
    events,
    $defs: definitions,
  };
}
