/** For every Fastify instance: none of our routes has a schema of Fastify's, so nothing that compiles them is loaded. */
import { SwitchboardError } from "@switchboard/domain";

/** Else what reads and compiles schemas is loaded at every start, and costs ten milliseconds. */
export const NO_SCHEMAS = { compilersFactory: { buildValidator: compilesNone, buildSerializer: compilesNone } };

function compilesNone(): never {
  throw new SwitchboardError("SYS_004", "A route has a schema; the gateway's HTTP server compiles none.");
}
