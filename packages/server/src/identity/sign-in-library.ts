/**
 * The sign-in library, set up for one of the gateway's own addresses: cookies, links and origins of an answer fit the
 * address that was asked, which was looked at before (see `ownRoot`), never the `Host` header as it came. Nothing of it
 * is reachable from outside but what the routes of app.ts call.
 */
import type { Log } from "@switchboard/core/ports";
import { SwitchboardError } from "@switchboard/domain";
import type { IdentityDatabase } from "@switchboard/store/identity";
import { type BetterAuthOptions, betterAuth } from "better-auth";
import type { Members } from "./members.ts";
import { ownSessions } from "./own-sessions.ts";
import { newSecret } from "./secrets.ts";

export const LEAST_PASSWORD = 10;
export const LONGEST_PASSWORD = 256;
const DAY_SECONDS = 86_400;
const RESET_MS = 3_600_000;
/** Where the caller's address stands in requests to the library; visitors' own header of that name is dropped. */
export const PEER_HEADER = "x-switchboard-peer";

export interface SignInOptions {
  readonly database: IdentityDatabase;
  readonly members: Members;
  /** Signs cookies; the same for all nodes. */
  readonly secret: string;
  readonly sessionDays: number;
  /** Whether an account may be made for this address. */
  readonly mayJoin: (email: string) => Promise<boolean>;
  readonly log: Log;
}

export interface SignedIn {
  readonly person: { readonly id: string; readonly name: string; readonly email: string };
  /** The session's own secret. */
  readonly token: string;
  /** Which tenant it works for, if one was chosen. */
  readonly tenant: string | undefined;
  /** When the session began, milliseconds since 1970. */
  readonly since: number;
}

export interface SignInLibrary {
  /** `path` begins after `/auth`. */
  handle(path: string, init: { method: "GET" | "POST"; headers: Headers; body?: object }): Promise<Response>;
  /** Whose session a `Cookie` header holds; `undefined`: none that holds. */
  sessionOf(cookie: string): Promise<SignedIn | undefined>;
  /** A new session of somebody who proved who they are. @throws REQ_005 when the account is gone. */
  beginSession(person: string, headers: Headers): Promise<Response>;
  /** Lets whoever has it choose a new password for this person, once, within an hour. */
  resetSecret(person: string): Promise<string>;
}

/** `root`: an address of the gateway without a slash at its end. */
export function signInLibrary(root: string, options: SignInOptions): SignInLibrary {
  const auth = betterAuth(libraryOptions(root, options));
  return {
    handle(path, { body, headers, method }) {
      headers.set("content-type", "application/json");
      const url = `${root}/auth${path}`;
      return auth.handler(
        new Request(url, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }),
      );
    },
    async beginSession(person, headers) {
      const answer = await auth.api.beginSession({ body: { person }, headers, asResponse: true });
      if (answer.ok) return answer;
      throw new SwitchboardError("REQ_005", "This account is gone.", {
        action: "Make another one, or ask your admin.",
      });
    },
    async resetSecret(person) {
      const { internalAdapter } = await auth.$context;
      const token = newSecret();
      const expiresAt = new Date(Date.now() + RESET_MS);
      await internalAdapter.createVerificationValue({
        identifier: `reset-password:${token}`,
        value: person,
        expiresAt,
      });
      return token;
    },
    async sessionOf(cookie) {
      const found = await auth.api.getSession({
        headers: new Headers({ cookie }),
        query: { disableCookieCache: true, disableRefresh: true },
      });
      if (!found) return undefined;
      const { session, user } = found;
      return {
        person: { id: user.id, name: user.name, email: user.email },
        token: session.token,
        tenant: session.tenant ?? undefined,
        since: session.createdAt.getTime(),
      };
    },
  };
}

/** How the library is set up. */
export function libraryOptions(root: string, options: SignInOptions) {
  const { database, log, mayJoin, members, secret, sessionDays } = options;
  return {
    appName: "Switchboard",
    baseURL: `${root}/auth`,
    secret,
    database: { db: database.db, type: database.kind },
    emailAndPassword: {
      enabled: true,
      // The answer to a sign-up tells nobody whether there was an account: whoever signed up signs in next.
      autoSignIn: false,
      minPasswordLength: LEAST_PASSWORD,
      maxPasswordLength: LONGEST_PASSWORD,
      revokeSessionsOnPasswordReset: true,
    },
    session: {
      expiresIn: sessionDays * DAY_SECONDS,
      updateAge: DAY_SECONDS,
      // Each request asks the database: what was revoked is over.
      cookieCache: { enabled: false },
      additionalFields: { tenant: { type: "string", required: false, input: false } },
    },
    account: { encryptOAuthTokens: true },
    plugins: [ownSessions],
    databaseHooks: {
      user: { create: { before: async ({ email }) => await mayJoin(email) } },
      session: {
        create: {
          before: async (session) => {
            const memberships = await members.ofPerson(session.userId);
            const first = memberships.find(({ suspendedAt }) => suspendedAt === null) ?? memberships[0];
            return { data: { ...session, tenant: first?.tenant ?? null } };
          },
        },
      },
    },
    advanced: {
      cookiePrefix: "switchboard",
      useSecureCookies: root.startsWith("https:"),
      // Lax: who comes back from a provider is a visitor from another site. What changes anything asks for the origin.
      defaultCookieAttributes: { sameSite: "lax", httpOnly: true },
      ipAddress: { ipAddressHeaders: [PEER_HEADER] },
      disableOriginCheck: false,
      disableCSRFCheck: false,
    },
    // Ours counts for all nodes together, see tries.ts.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: {
      level: "error",
      log: (_level, message) => log.warn({ from: "sign-in" }, message),
    },
  } satisfies BetterAuthOptions;
}
