/** Reads a request's parts against the route's schemas. What is not known there is refused, with the nearest name. */
import { SwitchboardError, validated } from "@switchboard/domain";
import type { TSchema } from "@switchboard/domain/schema";
import { type RouteSpec, takesIdempotencyKey } from "@switchboard/protocol/rest";

type Strings = Readonly<Record<string, string>>;

/** @throws REQ_002: an id that cannot be one is nobody's. */
export function readParams({ params }: RouteSpec, given: unknown): unknown {
  return params && validated(params, given, "address", "REQ_002");
}

/** @throws REQ_001. */
export function readQuery({ query }: RouteSpec, given: unknown): unknown {
  const names = Object.keys(given as object);
  if (query) return validated(query, typed(query, given as Strings), "query");
  if (names.length === 0) return undefined;
  throw new SwitchboardError("REQ_001", `This route takes no query, so no ${names[0]?.slice(0, 100)} either.`);
}

/** @throws REQ_001. */
export function readBody({ body }: RouteSpec, given: unknown): unknown {
  if (body) return validated(body, given ?? {}, "body");
  if (given === undefined || given === null) return undefined;
  throw new SwitchboardError("REQ_001", "This route takes no body.");
}

/** A quoted string, as the header's draft says, counts as what it quotes. @throws REQ_001. */
export function readIdempotencyKey(spec: RouteSpec, header: unknown): string | undefined {
  if (!takesIdempotencyKey(spec) || header === undefined) return undefined;
  const key = String(header).replace(/^"(.*)"$/, "$1");
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new SwitchboardError("REQ_001", "An Idempotency-Key is 1 to 255 printable ASCII characters without spaces.");
}

/** @throws REQ_001. */
export function readLastEventId(header: unknown): string | undefined {
  if (header === undefined || header === "") return undefined;
  if (typeof header === "string" && /^\d{1,15}$/.test(header)) return header;
  throw new SwitchboardError("REQ_001", "The Last-Event-ID is none of this stream's.");
}

/** Everything in a query is text; what should be a number or a truth becomes one, or stays what it is and is refused. */
function typed(schema: TSchema, given: Strings): Record<string, unknown> {
  const { properties = {} } = schema as { properties?: Readonly<Record<string, { type?: unknown }>> };
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const type = Object.hasOwn(properties, name) ? properties[name]?.type : undefined;
      if (type === "integer" && /^\d{1,15}$/.test(value)) return [name, Number(value)];
      if (type === "boolean" && /^(true|false)$/.test(value)) return [name, value === "true"];
      return [name, value];
    }),
  );
}
