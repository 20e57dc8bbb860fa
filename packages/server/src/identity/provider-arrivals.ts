/**
 * What becomes of somebody who comes back from a provider. An address alone opens no account that was made otherwise:
 * whoever has one signs in as before, and adds the provider then (ADR 51).
 */
import { SwitchboardError } from "@switchboard/domain";
import type { IdentityProvider } from "@switchboard/protocol";
import type { Offer } from "./invitations.ts";
import type { Subject } from "./openid.ts";
import type { People } from "./people.ts";

/** Why somebody was not let in; the page has words for each. */
export type Refused =
  | "failed"
  | "cancelled"
  | "unverified"
  | "domain"
  | "closed"
  | "uninvited"
  | "known"
  | "taken"
  | "other-address";

export type Arrival = { readonly person: string } | { readonly refused: Refused };

/** By its issuer: an id of the configuration may come to mean another provider. */
export function providerName({ issuer }: IdentityProvider): string {
  return `openid ${issuer}`;
}

/** Whether the provider's word about the address counts at all. */
export function objectionTo({ email, emailVerified }: Subject, { domains }: IdentityProvider): Refused | undefined {
  if (email === undefined || !emailVerified) return "unverified";
  const domain = email.slice(email.lastIndexOf("@") + 1);
  return domains?.every((each) => each.toLowerCase() !== domain) ? "domain" : undefined;
}

/** Signs in who is known, and takes in who may come. `invitation`: the secret of a link that was opened before. */
export async function arrive(
  people: People,
  provider: IdentityProvider,
  who: Subject,
  invitation: string | undefined,
): Promise<Arrival> {
  const [name, email] = [providerName(provider), who.email ?? ""];
  const known = await people.newcomers.known(name, who.subject);
  if (known !== undefined) {
    if (invitation !== undefined) await acceptFor(people, known, invitation);
    return { person: known };
  }
  if ((await people.find(email)) !== undefined) return { refused: "known" };
  if (people.settings.signUp === "closed") return { refused: "closed" };
  const offer = invitation === undefined ? undefined : await lookAt(people, invitation);
  if (offer === null || (offer && offer.email !== email)) return { refused: "uninvited" };
  const joins = offer ?? (await tenantFor(people, provider, who));
  if (!joins) return { refused: "uninvited" };
  const isInvited = offer !== undefined && invitation !== undefined;
  const newcomer = { name: who.name, email, provider: name, subject: who.subject };
  const person = await people.newcomers.add(
    isInvited ? newcomer : { ...newcomer, joins: { tenant: joins.tenant, role: joins.role } },
  );
  if (isInvited) await people.invitations.accept(invitation, { id: person, email });
  await noteJoined(people, person, joins);
  return { person };
}

/** An invitation for another address stays open; they are signed in all the same. */
async function acceptFor(people: People, person: string, invitation: string): Promise<void> {
  const offer = await lookAt(people, invitation);
  if (!offer || (await people.find(offer.email)) !== person) return;
  await people.invitations.accept(invitation, { id: person, email: offer.email });
  await noteJoined(people, person, offer);
}

async function noteJoined(people: People, person: string, { role, tenant }: Pick<Offer, "role" | "tenant">) {
  const actor = `person:${person}`;
  await people.audit(tenant, { actor, action: "member.joined", subject: actor, outcome: "ok", detail: { role } });
}

/** Adds the provider to the account of somebody who signed in. The address is the same, or it is refused. */
export async function addTo(
  people: People,
  provider: IdentityProvider,
  who: Subject,
  person: { readonly id: string; readonly email: string },
): Promise<Arrival> {
  if (who.email !== person.email.toLowerCase()) return { refused: "other-address" };
  try {
    const id = await people.newcomers.link(person.id, providerName(provider), who.subject);
    await people.noteOfPerson(person.id, "sign-in.provider-added", id);
  } catch (error) {
    if ((error as SwitchboardError).code !== "REQ_004") throw error;
    return { refused: "taken" };
  }
  return { person: person.id };
}

/** `null`: it does not hold. */
async function lookAt(people: People, invitation: string): Promise<Offer | null> {
  return people.invitations.look(invitation).catch((error: unknown) => {
    if (error instanceof SwitchboardError && error.code === "REQ_002") return null;
    throw error;
  });
}

async function tenantFor(people: People, { role, tenant }: IdentityProvider, who: Subject) {
  if (tenant !== undefined) {
    const { id } = await people.tenants.get(tenant);
    return { tenant: id, role };
  }
  if (people.settings.signUp !== "open") return undefined;
  const { id } = await people.tenants.create(who.name);
  return { tenant: id, role: "owner" as const };
}
