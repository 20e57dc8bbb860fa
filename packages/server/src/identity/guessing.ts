/** Slows down who guesses passwords and links: by account and by address, for all nodes together. */
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { DEFAULT_TENANT, SwitchboardError } from "@switchboard/domain";
import { networkOf, peerOf } from "../callers/peer.ts";
import type { People, Surroundings } from "./people.ts";

const WINDOW_MS = 15 * 60_000;
/** Whoever forgot a password tries a few; an address may be that of a whole company. */
const OF_ACCOUNT = { calls: 10, windowMs: WINDOW_MS };
const OF_ADDRESS = { calls: 100, windowMs: WINDOW_MS };

export class Guessing {
  readonly #people: People;
  readonly #trust: Surroundings["trust"];

  constructor(people: People, { trust }: Surroundings) {
    this.#people = people;
    this.#trust = trust;
  }

  /** Counts a try before it is made, whether the account exists or not. @throws SEC_011. */
  async begin(request: IncomingMessage, email?: string): Promise<void> {
    await this.#takeOfAddress("address", request);
    if (email !== undefined) await this.#take(accountName(email), OF_ACCOUNT, "account", email);
  }

  /** Counts a try of a link's secret, or what is begun, apart from tries to sign in: a flood refuses nobody's. @throws SEC_011. */
  async beginLink(request: IncomingMessage, kind: "invitation" | "reset" | "challenge"): Promise<void> {
    await this.#takeOfAddress(kind, request);
  }

  async succeeded(email: string): Promise<void> {
    await this.#people.tries.forget(accountName(email));
  }

  addressOf(request: IncomingMessage): string {
    return networkOf(peerOf(request, this.#trust)?.ip ?? "");
  }

  /** Visitors of whom a proxy tells no address may be anybody: one of them would lock out all the others. */
  async #takeOfAddress(what: string, request: IncomingMessage): Promise<void> {
    const peer = peerOf(request, this.#trust);
    // Who hung up has no address any more, and is counted.
    if (peer === undefined || (peer.ip !== "" && isIP(peer.ip) === 0)) return;
    const name = `${what} ${networkOf(peer.ip)}`;
    await this.#take(name, OF_ADDRESS, name, undefined);
  }

  async #take(name: string, limit: typeof OF_ACCOUNT, what: string, email: string | undefined): Promise<void> {
    const { allowed, isFirstRefused, retryAfterMs } = await this.#people.tries.take(name, limit);
    if (allowed) return;
    if (isFirstRefused) await this.#note(what, email);
    throw new SwitchboardError("SEC_011", "Too many tries.", {
      action: "Wait as long as the answer says, then try again.",
      retryAfterMs,
    });
  }

  /** Into the audit log of every tenant that the person belongs to. */
  async #note(what: string, email: string | undefined): Promise<void> {
    const { audit, log, members } = this.#people;
    log.warn({ what }, "somebody guesses passwords or links, and is locked out for a while");
    const person = email === undefined ? undefined : await this.#people.find(email);
    const tenants = person === undefined ? [] : (await members.ofPerson(person)).map(({ tenant }) => tenant);
    const subject = person === undefined ? what : `person:${person}`;
    for (const tenant of tenants.length > 0 ? tenants : [DEFAULT_TENANT]) {
      await audit(tenant, { actor: "system", action: "sign-in.locked", subject, outcome: "denied" });
    }
  }
}

function accountName(email: string): string {
  return `account ${email.toLowerCase()}`;
}
