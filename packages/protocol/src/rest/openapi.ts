/** The routes as an OpenAPI 3.1 document. Its schemas are those that requests are checked against. */
import { ERRORS, type ErrorCode } from "@switchboard/domain";
import { type TSchema, Type } from "@switchboard/domain/schema";
import { Closed, Text } from "../schema.ts";
import { type RouteSpec, takesIdempotencyKey } from "./route.ts";

/** RFC 9457, with the code and the next step of the error table. */
export const Problem = Closed({
  /** Where the code is explained. */
  type: Text,
  title: Text,
  status: Type.Integer({ minimum: 400, maximum: 599 }),
  detail: Type.String(),
  code: Text,
  action: Type.String(),
  retryable: Type.Boolean(),
});

const EVERYWHERE: readonly ErrorCode[] = ["REQ_001", "REQ_005", "SEC_003", "SEC_011", "SYS_005"];

/** What an Idempotency-Key can come to. */
const KEYED: readonly ErrorCode[] = ["REQ_004", "REQ_006", "SEC_008"];

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, TSchema & { readonly description?: string }>>;
  readonly required?: readonly string[];
}

export function openApi(routes: Readonly<Record<string, RouteSpec>>): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, spec] of Object.entries(routes)) {
    const at = paths[spec.path] ?? {};
    paths[spec.path] = at;
    at[spec.method.toLowerCase()] = operation(name, spec);
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "Switchboard REST API",
      version: "1",
      description:
        "Everything is about the tenant of whoever asks; no address, query or body names another. Lists have `items` and, while there is more, `next`: pass it as `cursor`.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/api/v1", description: "The gateway's one port." }],
    security: [{ bearer: [] }],
    tags: [...new Set(Object.keys(routes).map(tagOf))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", description: "A key, or the gateway's own token." },
      },
      schemas: { Problem },
    },
  };
}

function operation(name: string, spec: RouteSpec): Record<string, unknown> {
  const scope = spec.scope === null ? "Needs no scope." : `Needs the scope \`${spec.scope}\`.`;
  const parameters = [
    ...parametersOf(spec.params, "path"),
    ...parametersOf(spec.query, "query"),
    ...(takesIdempotencyKey(spec) ? [IDEMPOTENCY_KEY] : []),
    ...(spec.stream ? [LAST_EVENT_ID] : []),
  ];
  return {
    operationId: name,
    tags: [tagOf(name)],
    summary: spec.summary,
    description: scope,
    ...(parameters.length > 0 && { parameters }),
    ...(spec.body && { requestBody: { required: true, content: { "application/json": { schema: spec.body } } } }),
    responses: {
      [spec.status ?? 200]: {
        description: "It is done.",
        ...headersOf({ ...(spec.limited && RATE_LIMIT), ...(takesIdempotencyKey(spec) && REPLAYED) }),
        content: { [typeOf(spec)]: { schema: spec.answer } },
      },
      ...refusals(spec),
    },
    "x-scope": spec.scope,
  };
}

const IDEMPOTENCY_KEY = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description:
    "Your own name for this request, unique for you. Within 24 hours the same request under the same key has no second effect and gets the first one's answer. Another request under it is refused with 422, and the same one while the first is under way with 409.",
  schema: { type: "string", pattern: "^[\\x21-\\x7e]{1,255}$" },
};

const REPLAYED = {
  "Idempotent-Replayed": {
    description: "`true`: a request with this Idempotency-Key came before, and had the effect.",
    schema: { type: "string", enum: ["true"] },
  },
};

/** As in draft-ietf-httpapi-ratelimit-headers; the policy's name is the operation's id. */
const RATE_LIMIT = {
  "RateLimit-Policy": {
    description: 'So many requests of the tenant (`q`) within so many seconds (`w`): `"channels.connect";q=60;w=600`.',
    schema: { type: "string" },
  },
  RateLimit: {
    description: 'How many are left (`r`) in the seconds until the window ends (`t`): `"channels.connect";r=59;t=600`.',
    schema: { type: "string" },
  },
};

const RETRY_AFTER = {
  "Retry-After": { description: "So many seconds.", schema: { type: "integer", minimum: 0 } },
};

const LAST_EVENT_ID = {
  name: "Last-Event-ID",
  in: "header",
  required: false,
  description: "The id of the last event that came; browsers send it by themselves.",
  schema: { type: "string", pattern: "^\\d{1,15}$" },
};

/** Each event's data is JSON of the schema. */
function typeOf({ stream }: RouteSpec): string {
  return stream ? "text/event-stream" : "application/json";
}

function parametersOf(schema: TSchema | undefined, place: "path" | "query"): object[] {
  const { properties = {}, required = [] } = (schema ?? {}) as ObjectSchema;
  return Object.entries(properties).map(([name, { description, ...each }]) => ({
    name,
    in: place,
    required: required.includes(name),
    ...(description !== undefined && { description }),
    schema: each,
  }));
}

function refusals(spec: RouteSpec): Record<string, unknown> {
  const { errors = [], limited, params } = spec;
  const keyed = takesIdempotencyKey(spec);
  const codes = [
    ...new Set([...EVERYWHERE, ...(params ? (["REQ_002"] as const) : []), ...errors, ...(keyed ? KEYED : [])]),
  ];
  const headersAt = (status: number) => ({
    ...(limited && RATE_LIMIT),
    ...(keyed && status < 500 && REPLAYED),
    ...((status === 429 || (keyed && status === 409)) && RETRY_AFTER),
  });
  const byStatus = Map.groupBy(codes, restStatus);
  return Object.fromEntries(
    [...byStatus]
      .sort(([a], [b]) => a - b)
      .map(([status, same]) => [
        status,
        {
          description: same.map((code) => `${code}: ${ERRORS[code].title}.`).join(" "),
          ...headersOf(headersAt(status)),
          content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
        },
      ]),
  );
}

function headersOf(headers: Readonly<Record<string, object>>): { readonly headers?: object } {
  return Object.keys(headers).length === 0 ? {} : { headers };
}

function tagOf(name: string): string {
  return name.split(".")[0] ?? name;
}

/** What a platform says to the gateway is not what the gateway says to its caller: 401 would mean that the caller is nobody. */
const FROM_PLATFORMS: Partial<Record<ErrorCode, number>> = { CONN_002: 400, CONN_003: 502 };

/** The status that the REST API answers a code with. */
export function restStatus(code: ErrorCode): number {
  return FROM_PLATFORMS[code] ?? ERRORS[code].http;
}
