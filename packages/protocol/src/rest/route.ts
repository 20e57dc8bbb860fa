/** What the REST API says of one route. Handlers, checks and the OpenAPI document are made from it. */
import type { ErrorCode } from "@switchboard/domain";
import type { TSchema } from "@switchboard/domain/schema";
import type { ApiScope } from "../api-scopes.ts";

export interface RouteSpec {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Below `/api/v1`, with parameters as in `/conversations/{key}`. */
  readonly path: string;
  /** One line for readers of the document. */
  readonly summary: string;
  /** What the caller must hold; `null`: it is enough to be somebody. */
  readonly scope: ApiScope | null;
  /** Of the parameters in the path; an object of strings. */
  readonly params?: TSchema;
  /** Of what stands after the question mark; an object of strings, integers and booleans. */
  readonly query?: TSchema;
  /** Of the JSON body; closed, so that a misspelt field is told. */
  readonly body?: TSchema;
  /** Its handler sees to it that an Idempotency-Key has one effect; its answers are not kept. */
  readonly onceByItself?: true;
  /** How often a tenant may use it is limited by the configuration, `limits.requests`. */
  readonly limited?: "channels" | "invitations" | "reports";
  /** Status of the answer when all went well. Default 200. */
  readonly status?: 200 | 201 | 202;
  /** Of a stream of server-sent events: of each one's data. */
  readonly answer: TSchema;
  /** Answers with server-sent events, whose ids can be given back as Last-Event-ID. */
  readonly stream?: true;
  /** What this route refuses besides what every route does. */
  readonly errors?: readonly ErrorCode[];
}

/** Whether it takes the header Idempotency-Key: whatever changes something does. */
export function takesIdempotencyKey({ method }: Pick<RouteSpec, "method">): boolean {
  return method !== "GET";
}

/** Keeps the exact types of a specification's schemas. */
export function route<const Spec extends RouteSpec>(spec: Spec): Spec {
  return spec;
}
