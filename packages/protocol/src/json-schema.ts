/** The protocol and the configuration as JSON Schema documents, for other languages, editors and checks. */
import type { TSchema } from "@switchboard/domain/schema";
import { Config } from "./config.ts";
import { ConnectParams, HelloOk } from "./connect.ts";
import { EVENTS, type EventName, eventSpec } from "./events.ts";
import { ErrorShape, EventFrame, RequestFrame, ResponseFrame } from "./frames.ts";
import { METHODS, type MethodName, methodSpec } from "./methods/index.ts";
import { PROTOCOL_VERSION } from "./version.ts";

const DIALECT = "https://json-schema.org/draft/2020-12/schema";

/**
 * The protocol: `$defs` holds frames, `<method>.params`, `<method>.result`, `<method>.accepted` and `<event>.event`;
 * `x-methods` and `x-events` say who may call and hear what.
 */
export function protocolSchema(): Record<string, unknown> {
  const defs: Record<string, TSchema> = { RequestFrame, ResponseFrame, EventFrame, ErrorShape, ConnectParams, HelloOk };
  const methods: Record<string, unknown> = {};
  for (const name of sorted<MethodName>(METHODS)) {
    const { params, result, accepted, idempotent, ...about } = methodSpec(name);
    defs[`${name}.params`] = params;
    defs[`${name}.result`] = result;
    if (accepted) defs[`${name}.accepted`] = accepted;
    methods[name] = { ...about, ...(idempotent && { idempotent: true }), ...(accepted && { twoAnswers: true }) };
  }
  const events: Record<string, unknown> = {};
  for (const name of sorted<EventName>(EVENTS)) {
    const { payload, ...about } = eventSpec(name);
    defs[`${name}.event`] = payload;
    events[name] = about;
  }
  return {
    $schema: DIALECT,
    title: "Switchboard gateway protocol",
    "x-protocol": PROTOCOL_VERSION,
    oneOf: ["RequestFrame", "ResponseFrame", "EventFrame"].map((name) => ({ $ref: `#/$defs/${name}` })),
    "x-methods": methods,
    "x-events": events,
    $defs: defs,
  };
}

/** The configuration file's schema: name it as `$schema` there and an editor completes and checks it. */
export function configSchema(): Record<string, unknown> {
  return { $schema: DIALECT, title: "Switchboard configuration", ...Config };
}

function sorted<Name extends string>(map: Record<Name, unknown>): Name[] {
  return (Object.keys(map) as Name[]).sort();
}
