/** A person's ways to sign in: what there is, and removing one. */
import { Type } from "@switchboard/domain/schema";
import { providerName } from "./provider-arrivals.ts";
import type { AuthContext } from "./visit.ts";
import { WALLETS } from "./wallet-routes.ts";

/** As the page names it; a provider that is not configured any more by its issuer. */
function nameOf(provider: string, { settings }: AuthContext["people"]): string {
  if (provider === WALLETS) return "Ethereum";
  const configured = settings.providers.find((each) => providerName(each) === provider);
  return configured?.name ?? provider.replace(/^openid /, "");
}

export function credentialRoutes({ get, people, post }: AuthContext): void {
  get("/credentials", async (visit) => {
    const { person } = await visit.signedIn();
    const { linked, password } = await people.credentials.list(person.id);
    return {
      password,
      passkeys: await people.passkeys.list(person.id),
      linked: linked.map(({ provider, ...each }) => ({ ...each, name: nameOf(provider, people) })),
    };
  });

  post(
    "/credentials/remove",
    Type.Object({ id: Type.String({ maxLength: 100 }) }, { additionalProperties: false }),
    async (visit, { id }) => {
      const { person } = await visit.signedInLately();
      await people.credentials.remove(person.id, id);
      await people.noteOfPerson(person.id, "sign-in.way-removed", id);
    },
  );
}
