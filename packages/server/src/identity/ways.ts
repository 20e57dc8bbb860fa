/** The two ways of people and programs to prove who they are: a browser's session, and a key. */
import { SwitchboardError } from "@switchboard/domain";
import { bearerOf } from "../auth/bearer-secret.ts";
import type { Authenticator } from "./authenticator.ts";
import { KEY_MARK } from "./keys.ts";
import { activeOf } from "./members.ts";
import { checkOwnPage, hasSession } from "./own-page.ts";
import type { People, Surroundings } from "./people.ts";
import { type Principal, scopesOf } from "./principal.ts";
import type { SignedIn } from "./sign-in-library.ts";
import { refuseSuspended } from "./tenants.ts";
import type { Tries } from "./tries.ts";

/** Requests of one key; calls over its lines have as many of their own. */
const KEY_LIMIT = { calls: 1_200, windowMs: 60_000 };
/** So many are taken from the database at once, or each request would cost a write. */
const AT_ONCE = 20;
const MOST_KEYS = 10_000;

export function waysOf(people: People, surroundings: Surroundings): readonly Authenticator[] {
  return [keyWay(people), sessionWay(people, surroundings)];
}

export function keyWay({ keys, tries }: Pick<People, "keys" | "tries">): Authenticator {
  const limit = new KeyLimit(tries);
  return async (request, asking = "request") => {
    const secret = bearerOf(request);
    if (!secret?.startsWith(KEY_MARK)) return undefined;
    const principal = await keys.principalOf(secret);
    if (asking !== "line") await limit.take(asking === "call" ? `calls of ${principal.id}` : principal.id);
    return principal;
  };
}

/** A request that bears something else means that, whatever cookie the browser adds. */
function sessionWay(people: People, { rootOf }: Surroundings): Authenticator {
  return async (request) => {
    if (request.headers.authorization !== undefined || !hasSession(request)) return undefined;
    const root = rootOf(request);
    if (root === undefined) return undefined;
    const signedIn = await (await people.signIn(root)).sessionOf(request.headers.cookie ?? "");
    if (!signedIn) {
      throw new SwitchboardError("REQ_005", "The session is over.", { action: "Sign in again." });
    }
    checkOwnPage(request, root);
    return principalOf(people, signedIn);
  };
}

/** @throws SEC_003 for who is in no tenant, SEC_009. */
async function principalOf({ members }: People, { person, tenant }: SignedIn): Promise<Principal> {
  const active = activeOf(await members.ofPerson(person.id), tenant);
  if (!active) {
    throw new SwitchboardError("SEC_003", "You are not a member of a tenant that was chosen.", {
      action: "Choose a tenant, or ask for an invitation.",
    });
  }
  refuseSuspended(active.suspendedAt);
  return {
    kind: "person",
    id: `person:${person.id}`,
    tenant: active.tenant,
    role: active.role,
    scopes: scopesOf(active.role),
  };
}

/** Counts in the database, some requests at a time. */
class KeyLimit {
  readonly #left = new Map<string, number>();
  readonly #tries: Tries;

  constructor(tries: Tries) {
    this.#tries = tries;
  }

  /** @throws SEC_011. */
  async take(key: string): Promise<void> {
    const left = this.#left.get(key) ?? 0;
    if (left > 0) {
      this.#left.set(key, left - 1);
      return;
    }
    const { allowed, retryAfterMs } = await this.#tries.take(key, KEY_LIMIT, AT_ONCE);
    if (!allowed) {
      throw new SwitchboardError("SEC_011", "This key was used too often.", {
        action: "Wait as long as the answer says.",
        retryAfterMs,
      });
    }
    this.#left.set(key, AT_ONCE - 1);
    const [oldest] = this.#left.keys();
    if (this.#left.size > MOST_KEYS && oldest !== undefined) this.#left.delete(oldest);
  }
}
