/**
 * How a page proves who it is without holding the gateway's token: it exchanges the token once for a cookie that
 * scripts cannot read (CVE-2026-25253). The cookie is signed with a key made from the token, so it outlives a restart
 * and dies with the token.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { SwitchboardError } from "@switchboard/domain";
import type { FastifyPluginAsync } from "fastify";
import type { BearerSecret } from "../auth/bearer-secret.ts";

const LIFETIME_MS = 30 * 86_400_000;

export interface BrowserSessions {
  /** The `Set-Cookie` value for whoever presented the token; `secure` when the page came over TLS. */
  issue(now: number, secure: boolean): string;
  /** Whether a request's `Cookie` header holds a valid session. */
  accepts(cookieHeader: string | undefined, now: number): boolean;
}

/** `port` keeps the cookies of several gateways on one host apart. */
export function createBrowserSessions(token: string, port: () => number): BrowserSessions {
  const key = createHmac("sha256", token).update("browser session").digest();
  const sign = (content: string) => createHmac("sha256", key).update(content).digest("base64url");
  const name = () => `switchboard_${port()}`;
  return {
    issue(now, secure) {
      const content = `${now + LIFETIME_MS}.${randomBytes(12).toString("base64url")}`;
      const attributes = [
        "HttpOnly",
        "SameSite=Strict",
        "Path=/",
        `Max-Age=${LIFETIME_MS / 1000}`,
        ...(secure ? ["Secure"] : []),
      ];
      return `${name()}=${content}.${sign(content)}; ${attributes.join("; ")}`;
    },
    accepts(cookieHeader, now) {
      const value = cookieHeader
        ?.split(";")
        .map((each) => each.trim())
        .find((each) => each.startsWith(`${name()}=`))
        ?.slice(name().length + 1);
      const [expires, nonce, signature, ...rest] = value?.split(".") ?? [];
      if (expires === undefined || nonce === undefined || signature === undefined || rest.length > 0) return false;
      return same(signature, sign(`${expires}.${nonce}`)) && Number(expires) > now;
    },
  };
}

/** `POST /session` with the token as bearer sets the cookie; `GET /session` says whether there is a valid one. */
export function browserSessionRoutes(options: {
  readonly sessions: BrowserSessions;
  readonly secret: BearerSecret;
  now(): number;
}): FastifyPluginAsync {
  return async (app) => {
    app.post("/session", async (request, reply) => {
      refuseForeign(request.headers.origin, request.headers.host);
      await options.secret.check(request.raw);
      const originHeader = request.headers.origin;
      const secure = request.protocol === "https" || originHeader?.startsWith("https:") === true;
      return reply.header("set-cookie", options.sessions.issue(options.now(), secure)).code(204).send();
    });
    app.get("/session", (request, reply) => {
      const ok = options.sessions.accepts(request.headers.cookie, options.now());
      reply.header("cache-control", "no-store").send({ authenticated: ok });
    });
  };
}

/** Another site's page must not log people in here. */
function refuseForeign(origin: string | undefined, host: string | undefined): void {
  if (origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host)) {
    throw new SwitchboardError("SEC_003", "Only the gateway's own pages may do this.", {
      action: "Open the gateway's own address; a public one is named in gateway.publicUrl.",
    });
  }
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
