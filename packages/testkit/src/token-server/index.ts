/** A platform's token endpoint on loopback (OAuth, RFC 6749, section 6): what renewals of credentials are tried against. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { SwitchboardError } from "@switchboard/domain";

export interface TokenServer extends AsyncDisposable {
  /** What an account is set up with. */
  readonly refreshToken: string;
  /** The refresh tokens that came, in order. */
  readonly calls: readonly string[];
  /** Every token there was: none of them may ever be read anywhere. */
  readonly tokens: readonly string[];
  /** Seconds that an access token lasts; default an hour. */
  lasts: number;
  /** Whether a refresh token that was used is taken again; default false. */
  forgives: boolean;
  /** Whether each answer has a new refresh token; default true. */
  rotates: boolean;
  /** The next `times` calls find the platform in trouble, and use nothing up. */
  failNext(times: number): void;
  /** Until `release` tokens are used up, but nobody hears the answer. */
  hold(): { release(): void };
  /** No refresh token is good any more. */
  revoke(): void;
  /** The call, as a channel makes it. Rejects with CONN_002 for a refresh token that is not good, else with CONN_001. */
  call(refreshToken: string, signal: AbortSignal): Promise<TokenAnswer>;
}

export interface TokenAnswer {
  readonly access: string;
  readonly refresh?: string;
  /** Unix milliseconds. */
  readonly until: number;
}

interface Body {
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly expires_in: number;
}

export async function startTokenServer(): Promise<TokenServer> {
  const calls: string[] = [];
  const tokens: string[] = [];
  const make = (kind: string) => {
    const token = `${kind}-${randomBytes(18).toString("base64url")}`;
    tokens.push(token);
    return token;
  };
  const good = new Set([make("refresh")]);
  let failures = 0;
  let gate: Promise<void> = Promise.resolve();
  const settings = { lasts: 3_600, forgives: false, rotates: true };

  const answer = (refreshToken: string): Body | number => {
    calls.push(refreshToken);
    if (failures > 0) {
      failures -= 1;
      return 503;
    }
    if (!good.has(refreshToken)) return 400;
    if (settings.rotates && !settings.forgives) good.delete(refreshToken);
    const body = { access_token: make("access"), expires_in: settings.lasts };
    if (!settings.rotates) return body;
    const next = make("refresh");
    good.add(next);
    return { ...body, refresh_token: next };
  };
  const server = createServer(async (request, response) => {
    let form = "";
    for await (const piece of request) form += String(piece);
    const said = answer(new URLSearchParams(form).get("refresh_token") ?? "");
    await gate;
    response.writeHead(typeof said === "number" ? said : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(typeof said === "number" ? { error: "invalid_grant" } : said));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;

  return Object.assign(settings, {
    refreshToken: tokens[0] ?? "",
    calls,
    tokens,
    failNext: (times: number) => {
      failures = times;
    },
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return { release: resolve };
    },
    revoke: () => good.clear(),
    call: (refreshToken: string, signal: AbortSignal) => callFor(url, refreshToken, signal),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

async function callFor(url: string, refreshToken: string, signal: AbortSignal): Promise<TokenAnswer> {
  const body = new URLSearchParams({ grant_type: "refresh_token", refresh_token: refreshToken });
  const response = await fetch(url, { method: "POST", body, signal });
  if (response.status === 400) {
    throw new SwitchboardError("CONN_002", "The refresh token is refused.", { scope: "account" });
  }
  if (!response.ok) throw new SwitchboardError("CONN_001", "The platform is in trouble.", { scope: "account" });
  const { access_token, expires_in, refresh_token } = (await response.json()) as Body;
  const until = Date.now() + expires_in * 1000;
  return { access: access_token, until, ...(refresh_token !== undefined && { refresh: refresh_token }) };
}
