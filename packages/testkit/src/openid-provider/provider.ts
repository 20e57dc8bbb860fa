/**
 * A small OpenID Connect provider: discovery, code flow with PKCE, signed ID tokens, keys, userinfo. It checks what a
 * provider checks; it shows no page, and whoever comes is `next`. It can also lie.
 */
import { createHash, createSign, generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Somebody {
  readonly sub: string;
  readonly email?: string | undefined;
  readonly email_verified?: boolean | undefined;
  readonly name?: string;
}

export interface Lies {
  /** Written over what the ID token says. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Signs with a key that is not published. */
  readonly foreignKey?: boolean;
  /** Names itself otherwise when it sends the browser back. */
  readonly iss?: string;
  /** Says who it is only when asked once more. */
  readonly onlyUserInfo?: boolean;
  /** Redeems a code as often as it comes, wherever it was sent to. */
  readonly careless?: boolean;
  /** Sends the browser back with this error. */
  readonly error?: string;
}

export interface OpenIdProviderOptions {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface OpenIdProvider extends AsyncDisposable {
  readonly issuer: string;
  /** Who comes next. */
  next: Somebody;
  lies: Lies;
  /** Where browsers may be sent back to. */
  redirects: readonly string[];
  /** Codes that were redeemed, in their order. */
  readonly redeemed: readonly string[];
}

interface Grant {
  readonly redirect: string;
  readonly challenge: string;
  readonly nonce: string | null;
  readonly who: Somebody;
}

const KEY_ID = "key-1";
const LIFETIME_SECONDS = 300;

export async function startOpenIdProvider({ clientId, clientSecret }: OpenIdProviderOptions): Promise<OpenIdProvider> {
  const [key, foreign] = [newKey(), newKey()];
  const grants = new Map<string, Grant>();
  const tokens = new Map<string, Somebody>();
  const redeemed: string[] = [];
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.writeHead(500).end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider: OpenIdProvider = {
    issuer,
    next: { sub: "nobody" },
    lies: {},
    redirects: [],
    redeemed,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", issuer);
    if (pathname === "/.well-known/openid-configuration") return json(response, 200, metadata(issuer));
    if (pathname === "/keys") {
      const jwk = { ...key.publicKey.export({ format: "jwk" }), kid: KEY_ID, use: "sig", alg: "RS256" };
      return json(response, 200, { keys: [jwk] });
    }
    if (pathname === "/authorize") return authorize(searchParams, response);
    if (pathname === "/token") return token(request, response);
    const who = tokens.get((request.headers.authorization ?? "").replace(/^Bearer /, ""));
    return pathname === "/userinfo" && who ? json(response, 200, who) : json(response, 404, { error: "not_found" });
  }

  /** Both are written as in a form before they are joined. */
  function isClient(header = ""): boolean {
    const [id = "", secret = ""] = Buffer.from(header.replace(/^Basic /, ""), "base64")
      .toString()
      .split(":");
    const sent = new URLSearchParams(`id=${id}&secret=${secret}`);
    return sent.get("id") === clientId && sent.get("secret") === clientSecret;
  }

  function authorize(asked: URLSearchParams, response: ServerResponse): void {
    const redirect = asked.get("redirect_uri") ?? "";
    // Who is sent elsewhere is told here: the provider redirects to what it knows only.
    if (asked.get("client_id") !== clientId || !provider.redirects.includes(redirect)) {
      json(response, 400, { error: "invalid_request" });
      return;
    }
    const back = new URL(redirect);
    back.searchParams.set("state", asked.get("state") ?? "");
    back.searchParams.set("iss", provider.lies.iss ?? issuer);
    const isRight = asked.get("response_type") === "code" && asked.get("code_challenge_method") === "S256";
    const error = provider.lies.error ?? (isRight ? undefined : "invalid_request");
    if (error === undefined) {
      const code = randomBytes(16).toString("base64url");
      const challenge = asked.get("code_challenge") ?? "";
      grants.set(code, { redirect, challenge, nonce: asked.get("nonce"), who: provider.next });
      back.searchParams.set("code", code);
    } else back.searchParams.set("error", error);
    response.writeHead(303, { location: back.href }).end();
  }

  async function token(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    for await (const piece of request) text += piece;
    const form = new URLSearchParams(text);
    if (!isClient(request.headers.authorization)) return json(response, 401, { error: "invalid_client" });
    const code = form.get("code") ?? "";
    const grant = grants.get(code);
    const { careless = false, claims, foreignKey = false, onlyUserInfo = false } = provider.lies;
    if (!careless) grants.delete(code);
    const verifier = createHash("sha256").update(form.get("code_verifier") ?? "");
    const isBack = careless || grant?.redirect === form.get("redirect_uri");
    if (!grant || !isBack || verifier.digest("base64url") !== grant.challenge) {
      return json(response, 400, { error: "invalid_grant" });
    }
    redeemed.push(code);
    const now = Math.floor(Date.now() / 1000);
    const { sub, ...more } = grant.who;
    const said = {
      iss: issuer,
      aud: clientId,
      sub,
      ...(!onlyUserInfo && more),
      iat: now,
      exp: now + LIFETIME_SECONDS,
      nonce: grant.nonce,
      ...claims,
    };
    const access = randomBytes(16).toString("base64url");
    tokens.set(access, grant.who);
    json(response, 200, {
      access_token: access,
      token_type: "Bearer",
      expires_in: LIFETIME_SECONDS,
      id_token: signed(said, foreignKey ? foreign.privateKey : key.privateKey),
    });
  }

  return provider;
}

function metadata(issuer: string) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    userinfo_endpoint: `${issuer}/userinfo`,
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
    code_challenge_methods_supported: ["S256"],
    authorization_response_iss_parameter_supported: true,
  };
}

function newKey() {
  return generateKeyPairSync("rsa", { modulusLength: 2048 });
}

function signed(claims: object, key: ReturnType<typeof newKey>["privateKey"]): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ alg: "RS256", typ: "JWT", kid: KEY_ID })}.${part(claims)}`;
  return `${text}.${createSign("RSA-SHA256").update(text).sign(key).toString("base64url")}`;
}

function json(response: ServerResponse, status: number, content: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(content));
}
