/** What whoever holds an invitation's link may do with it. */
import { Type } from "@switchboard/domain/schema";
import type { AuthContext } from "./visit.ts";

const Body = Type.Object(
  { invitation: Type.String({ minLength: 1, maxLength: 100 }) },
  { additionalProperties: false },
);

export function invitationRoutes({ guessing, people, post }: AuthContext): void {
  /** A POST, so that the secret stands in no address and no log. */
  post("/invitation", Body, async (visit, { invitation }) => {
    await guessing.beginLink(visit.request, "invitation");
    const { email, role, tenantName } = await people.invitations.look(invitation);
    return { email, role, tenant: tenantName };
  });

  post("/invitation/accept", Body, async (visit, { invitation }) => {
    const { person, token } = await visit.signedIn();
    const { role, tenant } = await people.invitations.accept(invitation, person);
    await people.choose(token, tenant);
    const actor = `person:${person.id}`;
    await people.audit(tenant, { actor, action: "member.joined", subject: actor, outcome: "ok", detail: { role } });
  });
}
