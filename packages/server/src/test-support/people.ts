/** Tenants with people for a test, made the way everybody makes them. */
import type { TestGateway } from "./gateway.ts";
import { Visitor } from "./visitor.ts";

export const PASSWORD = "a long enough password";

/** Where people open it. */
type Address = Pick<TestGateway, "url">;

/** The secret in a link. */
export function secretIn(link: unknown): string {
  return /=([\w-]+)$/.exec(String(link))?.[1] ?? "";
}

/** A new tenant and its owner, signed in. */
export async function newTenant(gateway: Address & Pick<TestGateway, "request">, name: string, owner: string) {
  const made = await gateway.request("tenants.create", { name, owner });
  const visitor = await joined(gateway, made.link);
  return { id: made.id, owner: visitor };
}

/** Whoever accepts this link, signed in. */
export async function joined(gateway: Address, link: unknown, name = "Somebody"): Promise<Visitor> {
  const visitor = new Visitor(() => gateway.url);
  const answer = await visitor.post("/auth/sign-up", { invitation: secretIn(link), name, password: PASSWORD });
  if (answer.status !== 200) throw new Error(`sign-up: ${JSON.stringify(answer.body)}`);
  return visitor;
}

/** A member of this role, invited by that one. */
export async function newMember(gateway: Address, by: Visitor, email: string, role: string): Promise<Visitor> {
  const invited = await by.post("/api/v1/members", { email, role });
  if (invited.status !== 201) throw new Error(`invitation: ${JSON.stringify(invited.body)}`);
  return joined(gateway, invited.body.link);
}

export async function idOf(by: Visitor, email: string): Promise<string> {
  const { body } = await by.get("/api/v1/members");
  const found = (body.members as { id: string; email: string }[]).find((each) => each.email === email);
  if (!found) throw new Error(`${email} is no member`);
  return found.id;
}
