/**
 * One OpenID Connect provider: code flow with PKCE, state and nonce; what it says of somebody is signed by it, for us, for
 * this very question.
 */
import type { Log } from "@switchboard/core";
import { SwitchboardError, toErrorRecord } from "@switchboard/domain";
import type { IdentityProvider } from "@switchboard/protocol";
import * as openid from "openid-client";
import { isThisMachine } from "../config/identity-providers.ts";

const ANSWER_SECONDS = 10;
/** Its settings and keys may change. */
const KNOWN_FOR_MS = 3_600_000;

/** What only we know of a question. */
export interface Question {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Who somebody is there. */
export interface Subject {
  readonly subject: string;
  readonly email: string | undefined;
  /** Whether the provider says that the address is theirs. */
  readonly emailVerified: boolean;
  readonly name: string;
}

export class OpenIdProvider {
  readonly #settings: IdentityProvider;
  readonly #now: () => number;
  readonly #log: Log;
  #known: { readonly until: number; readonly config: Promise<openid.Configuration> } | undefined;

  constructor(settings: IdentityProvider, now: () => number, log: Log) {
    this.#settings = settings;
    this.#now = now;
    this.#log = log;
  }

  /** The address to send the browser to. @throws CONN_007 when the provider does not answer. */
  async ask(returnTo: string): Promise<{ readonly address: string; readonly question: Question }> {
    const config = await this.#config();
    const question = {
      state: openid.randomState(),
      nonce: openid.randomNonce(),
      verifier: openid.randomPKCECodeVerifier(),
    };
    const address = openid.buildAuthorizationUrl(config, {
      redirect_uri: returnTo,
      scope: [...new Set(["openid", ...this.#settings.scopes])].join(" "),
      state: question.state,
      nonce: question.nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(question.verifier),
      code_challenge_method: "S256",
    });
    return { address: address.href, question };
  }

  /** `cameTo`: where the browser came back to, with what the provider added. `undefined`: it is no answer to the question. */
  async answer(cameTo: URL, { nonce, state, verifier }: Question): Promise<Subject | undefined> {
    try {
      const config = await this.#config();
      const tokens = await openid.authorizationCodeGrant(config, cameTo, {
        expectedNonce: nonce,
        expectedState: state,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (!claims) return undefined;
      // Some tell the address only when asked once more.
      const asked = claims.email === undefined && config.serverMetadata().userinfo_endpoint !== undefined;
      const { email, email_verified, name } = asked
        ? await openid.fetchUserInfo(config, tokens.access_token, claims.sub)
        : claims;
      return {
        subject: claims.sub,
        email: typeof email === "string" ? email.toLowerCase() : undefined,
        emailVerified: email_verified === true,
        name: typeof name === "string" && name.trim() !== "" ? name.slice(0, 80) : claims.sub.slice(0, 80),
      };
    } catch (error) {
      this.#log.warn(
        { provider: this.#settings.id, error: toErrorRecord(error) },
        "an answer to a sign-in is not right",
      );
      return undefined;
    }
  }

  #config(): Promise<openid.Configuration> {
    if (this.#known && this.#known.until > this.#now()) return this.#known.config;
    const known = { until: this.#now() + KNOWN_FOR_MS, config: this.#discover() };
    this.#known = known;
    known.config.catch(() => {
      // A failure is not kept: the next person tries again.
      if (this.#known === known) this.#known = undefined;
    });
    return known.config;
  }

  /** @throws CONN_007. */
  async #discover(): Promise<openid.Configuration> {
    const { clientId, clientSecret, id, issuer } = this.#settings;
    const server = new URL(issuer);
    const careless = server.protocol === "http:" && isThisMachine(server.hostname);
    const execute = careless ? [openid.allowInsecureRequests] : [];
    try {
      const found = await openid.discovery(server, clientId, undefined, openid.None(), {
        execute,
        timeout: ANSWER_SECONDS,
      });
      const metadata = found.serverMetadata();
      const config = new openid.Configuration(metadata, clientId, undefined, proofOf(clientSecret, metadata));
      config.timeout = ANSWER_SECONDS;
      for (const each of execute) each(config);
      // Signatures are checked although the line is encrypted.
      openid.enableNonRepudiationChecks(config);
      return config;
    } catch (error) {
      this.#log.warn({ provider: id, error: toErrorRecord(error) }, "a place where people sign in does not answer");
      throw new SwitchboardError("CONN_007", `${this.#settings.name} does not answer as it should.`, {
        action: "Try again in a while, or sign in another way; whoever runs this gateway finds the cause in its log.",
        cause: error,
      });
    }
  }
}

/** How we prove to the provider who asks. Resolved by now: the schema's type cannot say that. */
function proofOf(secret: IdentityProvider["clientSecret"], metadata: openid.ServerMetadata): openid.ClientAuth {
  if (typeof secret !== "string") return openid.None();
  const ways = metadata.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
  return ways.includes("client_secret_basic") ? openid.ClientSecretBasic(secret) : openid.ClientSecretPost(secret);
}
