/** A person's ways to sign in: what there is, and removing one. */
import { Type } from "@switchboard/domain/schema";
import type { AuthContext } from "./visit.ts";

export function credentialRoutes({ get, people, post }: AuthContext): void {
  get("/credentials", async (visit) => {
    const { person } = await visit.signedIn();
    return { ...(await people.credentials.list(person.id)), passkeys: await people.passkeys.list(person.id) };
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
