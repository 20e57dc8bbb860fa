/** A gateway with several tenants, as the REST API sees them. Who a caller is stands in headers: in tests only. */
import { type JsonObject, type Simulator, type TenantId, validated } from "@switchboard/domain";
import { Problem, ROUTES, type RouteSpec } from "@switchboard/protocol/rest";
import type { Authenticator } from "../identity/authenticator.ts";
import { type Role, scopesOf } from "../identity/principal.ts";
import { startTestGateway, type TestGateway, type TestGatewayOptions } from "./gateway.ts";
import { credentialOf, surroundingsOf } from "./platform.ts";

export interface Caller {
  readonly tenant: string;
  /** Default owner. */
  readonly role?: Role;
  /** Tells people of a tenant apart. Default the tenant's name. */
  readonly person?: string;
}

/** Any answer's; a list has items. */
export interface AnswerBody extends Readonly<Record<string, unknown>> {
  readonly items: readonly Readonly<Record<string, unknown>>[];
}

export interface RestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: AnswerBody;
}

export interface RestWorld extends AsyncDisposable {
  readonly gateway: TestGateway;
  /** `undefined` is nobody. */
  call(caller: Caller | undefined, method: string, path: string, options?: CallOptions): Promise<RestAnswer>;
  /** A tenant's own bot at the simulated platform. */
  bot(tenant: string): Simulator;
  /** What a tenant gives to connect its bot. */
  credential(tenant: string): JsonObject;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is, instead of `body`. */
  readonly text?: string;
}

/** Every answer is what the document says. */
function checkAnswer(method: string, path: string, { headers, status }: Response, body: unknown): void {
  if (status >= 400) {
    if (headers.get("content-type") !== PROBLEM) throw new Error(`${method} ${path}: ${status} is no problem+json`);
    validated(Problem, body, `problem of ${method} ${path}`);
    return;
  }
  const [at = ""] = path.split("?");
  const specs: readonly RouteSpec[] = Object.values(ROUTES);
  const spec = specs.find(
    (each) => each.method === method && new RegExp(`^${each.path.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(at),
  );
  if (!spec) return;
  if (status !== (spec.status ?? 200)) throw new Error(`${method} ${path}: ${status} is not in its document`);
  validated(spec.answer, body, `answer of ${method} ${path}`);
}

const PROBLEM = "application/problem+json; charset=utf-8";

const byHeader: Authenticator = async ({ headers }) => {
  const { "x-test-tenant": tenant, "x-test-role": role = "owner", "x-test-person": person = tenant } = headers;
  if (typeof tenant !== "string") return undefined;
  const scopes = scopesOf(role as Role);
  return { kind: "person", id: `person:${person}`, tenant: tenant as TenantId, role: role as Role, scopes };
};

export async function startRestWorld(options: Omit<TestGatewayOptions, "authenticators"> = {}): Promise<RestWorld> {
  const gateway = await startTestGateway({ account: false, ...options, authenticators: [byHeader], start: false });
  await gateway.start({ env: { ...options.env, ...surroundingsOf(gateway.platform) } });
  const bot = (tenant: string) => gateway.other(tenant);
  return {
    gateway,
    bot,
    credential: (tenant) => credentialOf(gateway.platform, bot(tenant)),
    async call(caller, method, path, { body, headers, text } = {}) {
      const sent = text ?? (body === undefined ? undefined : JSON.stringify(body));
      const answer = await fetch(`${gateway.url}/api/v1${path}`, {
        method,
        headers: {
          ...(sent !== undefined && { "content-type": "application/json" }),
          ...(caller && { "x-test-tenant": caller.tenant, "x-test-role": caller.role ?? "owner" }),
          ...(caller?.person && { "x-test-person": caller.person }),
          ...headers,
        },
        ...(sent !== undefined && { body: sent }),
      });
      const said = await answer.text();
      const isJson = answer.headers.get("content-type")?.includes("json");
      const read = isJson ? JSON.parse(said) : said;
      if (isJson) checkAnswer(method, path, answer, read);
      return { status: answer.status, headers: answer.headers, body: read };
    },
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
}
