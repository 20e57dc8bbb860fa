/** Signing in at a provider, and adding one. The way back leads to our own page and nowhere else. */
import { SwitchboardError, toErrorRecord } from "@switchboard/domain";
import { Type } from "@switchboard/domain/schema";
import type { IdentityProvider } from "@switchboard/protocol";
import { giveBrowser, takeOfBrowser } from "./browser-secret.ts";
import type { OpenIdProvider } from "./openid.ts";
import type { People } from "./people.ts";
import { type Arrival, addTo, arrive, objectionTo } from "./provider-arrivals.ts";
import { startSession } from "./session-start.ts";
import type { AuthContext, Visit } from "./visit.ts";

const LIFETIME_MS = 10 * 60_000;
const Start = Type.Object(
  {
    provider: Type.String({ maxLength: 32 }),
    /** The secret of an invitation's link, to be accepted on the way. */
    invitation: Type.Optional(Type.String({ maxLength: 100 })),
    /** To the account that is signed in. */
    add: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);

export function providerRoutes({ get, guessing, people, post }: AuthContext): void {
  const { challenges, log, settings } = people;
  const clientFor = clientsOf(people);
  const named = (id: string) => settings.providers.find((each) => each.id === id);

  post("/provider/start", Start, async (visit, { add = false, invitation, provider: id }, reply) => {
    const provider = named(id);
    if (!provider) {
      throw new SwitchboardError("REQ_002", "Nobody signs in there.", { action: "Choose one that the page shows." });
    }
    await guessing.beginLink(visit.request, "challenge");
    const person = add ? (await visit.signedInLately()).person.id : undefined;
    const { address, question } = await (await clientFor(provider)).ask(callbackOf(visit, id));
    const begun = { ...question, provider: id, root: visit.root, invitation, person };
    const secret = await challenges.begin("provider", begun, LIFETIME_MS);
    giveBrowser(reply, visit.root, "provider", secret);
    return { address };
  });

  get("/provider/:id/callback", async (visit, request, reply) => {
    const { id } = request.params as { id: string };
    const arrival = await comeBack(visit, id).catch((error: unknown): Arrival => {
      log.error({ provider: id, error: toErrorRecord(error) }, "somebody who came back from a provider is not let in");
      return { refused: "failed" };
    });
    // What is said stands on the page: an address could be sent by anybody.
    const end = "refused" in arrival ? `#refused=${arrival.refused}` : "";
    return reply.redirect(`${visit.root}/sign-in${end}`, 303);

    async function comeBack(here: Visit, id: string): Promise<Arrival> {
      const secret = takeOfBrowser(here.request, reply, here.root, "provider");
      const begun = secret === undefined ? undefined : await challenges.take("provider", secret);
      const provider = named(id);
      if (!provider || begun?.provider !== id || begun.root !== here.root) return { refused: "failed" };
      const cameTo = new URL(callbackOf(here, id));
      cameTo.search = new URL(request.url, here.root).search;
      if (cameTo.searchParams.get("error") === "access_denied") return { refused: "cancelled" };
      const who = await (await clientFor(provider)).answer(cameTo, begun);
      if (!who) return { refused: "failed" };
      const refused = objectionTo(who, provider);
      if (refused) return { refused };
      if (begun.person !== undefined) {
        const { person } = await here.signedInLately();
        return person.id === begun.person ? addTo(people, provider, who, person) : { refused: "failed" };
      }
      const arrival = await arrive(people, provider, who, begun.invitation);
      if ("person" in arrival) await startSession(here, arrival.person, reply);
      return arrival;
    }
  });
}

function callbackOf({ root }: Visit, id: string): string {
  return `${root}/auth/provider/${id}/callback`;
}

/** The library for it is loaded when somebody first goes to a provider. */
function clientsOf({ log, now }: People): (provider: IdentityProvider) => Promise<OpenIdProvider> {
  const clients = new Map<string, Promise<OpenIdProvider>>();
  return (provider) => {
    const known = clients.get(provider.id);
    if (known) return known;
    const made = import("./openid.ts").then(({ OpenIdProvider }) => new OpenIdProvider(provider, now, log));
    clients.set(provider.id, made);
    return made;
  };
}
