/** Signing up, in and out; the password; which tenant the session works for. */
import { SwitchboardError } from "@switchboard/domain";
import { Type } from "@switchboard/domain/schema";
import { activeOf } from "./members.ts";
import { mayHavePasskeys } from "./passkey-place.ts";
import { LEAST_PASSWORD, LONGEST_PASSWORD } from "./sign-in-library.ts";
import { type AuthContext, checkAnswer, passCookies, type Visit } from "./visit.ts";

const closed = { additionalProperties: false } as const;
const Email = Type.String({ minLength: 3, maxLength: 254, pattern: "^[^@\\s]+@[^@\\s]+$" });
const Password = Type.String({ minLength: LEAST_PASSWORD, maxLength: LONGEST_PASSWORD });
/** One that may have been made under other rules. */
const AnyPassword = Type.String({ minLength: 1, maxLength: LONGEST_PASSWORD });
const Name = Type.String({ minLength: 1, maxLength: 80 });
const Nothing = Type.Object({}, closed);

export function accountRoutes(context: AuthContext): void {
  const { get, guessing, people, post } = context;

  /** Who is signed in, with what there is to choose from; and which ways to sign in there are. */
  get("/session", async (visit) => {
    const { cookie } = visit.request.headers;
    const signedIn = cookie === undefined ? undefined : await visit.library.sessionOf(cookie);
    const { ethereum, providers, signUp } = people.settings;
    const ways = {
      signUp,
      passkeys: mayHavePasskeys(visit.root),
      providers: providers.map(({ id, name }) => ({ id, name })),
      ethereum: ethereum.enabled ? ethereum.chains : [],
    };
    if (!signedIn) return { ways };
    const memberships = await people.members.ofPerson(signedIn.person.id);
    return {
      ways,
      person: signedIn.person,
      tenant: activeOf(memberships, signedIn.tenant)?.tenant ?? null,
      tenants: memberships.map(({ name, role, suspendedAt, tenant }) => ({
        id: tenant,
        name,
        role,
        suspended: suspendedAt !== null,
      })),
    };
  });

  post("/sign-in", Type.Object({ email: Email, password: AnyPassword }, closed), async (visit, body, reply) => {
    await guessing.begin(visit.request, body.email);
    const answer = await signIn(visit, body);
    await guessing.succeeded(body.email);
    passCookies(answer, reply);
  });

  post(
    "/sign-up",
    Type.Object(
      {
        name: Name,
        password: Password,
        /** The secret of an invitation's link, which says the address. */
        invitation: Type.Optional(Type.String({ maxLength: 100 })),
        email: Type.Optional(Email),
      },
      closed,
    ),
    async (visit, { email, invitation, name, password }, reply) => {
      await guessing.begin(visit.request);
      const { signUp } = people.settings;
      if (signUp === "closed" || (signUp === "invite" && invitation === undefined)) {
        throw new SwitchboardError("SEC_003", "Nobody signs up here without an invitation.", {
          action: "Ask whoever runs this gateway.",
        });
      }
      const address = invitation === undefined ? email : (await people.invitations.look(invitation)).email;
      if (address === undefined) throw new SwitchboardError("REQ_001", "body: email is missing.");
      const made = await visit.library.handle("/sign-up/email", {
        method: "POST",
        headers: visit.headers(),
        body: { email: address, name, password },
      });
      await checkAnswer(made);
      if (invitation === undefined) {
        const { user } = (await made.json()) as { user: { id: string } };
        // For an address that has an account already the library makes up an id.
        if ((await people.find(address)) === user.id) {
          const { id } = await people.tenants.create(name);
          await people.members.add(id, user.id, "owner");
        }
        return;
      }
      await guessing.begin(visit.request, address);
      const answer = await signIn(visit, { email: address, password }).catch((error: unknown) => {
        if ((error as SwitchboardError).code !== "REQ_005") throw error;
        throw new SwitchboardError("REQ_004", "There is an account with this address already.", {
          action: "Sign in, then open the link again.",
        });
      });
      await guessing.succeeded(address);
      const person = await people.find(address);
      if (person === undefined) throw new SwitchboardError("SYS_005", "The account was not made.");
      const { role, tenant } = await people.invitations.accept(invitation, { id: person, email: address });
      const token = tokenIn(answer);
      if (token !== undefined) await people.choose(token, tenant);
      await people.audit(tenant, {
        actor: `person:${person}`,
        action: "member.joined",
        subject: `person:${person}`,
        outcome: "ok",
        detail: { role },
      });
      passCookies(answer, reply);
    },
  );

  post("/sign-out", Nothing, async (visit, _body, reply) => {
    const answer = await visit.library.handle("/sign-out", { method: "POST", headers: visit.headers(), body: {} });
    await checkAnswer(answer);
    passCookies(answer, reply);
  });

  /** Ends every session of the person, this one included. */
  post("/sign-out-everywhere", Nothing, async (visit, _body, reply) => {
    const { person } = await visit.signedIn();
    const answer = await visit.library.handle("/sign-out", { method: "POST", headers: visit.headers(), body: {} });
    await people.endSessions(person.id);
    passCookies(answer, reply);
  });

  /** Ends every other session of the person. */
  post(
    "/password",
    Type.Object({ currentPassword: AnyPassword, newPassword: Password }, closed),
    async (visit, { currentPassword, newPassword }, reply) => {
      const { person, tenant } = await visit.signedIn();
      await guessing.begin(visit.request, person.email);
      const answer = await visit.library.handle("/change-password", {
        method: "POST",
        headers: visit.headers(),
        body: { currentPassword, newPassword, revokeOtherSessions: true },
      });
      await checkAnswer(answer);
      await guessing.succeeded(person.email);
      const token = tokenIn(answer);
      if (token !== undefined && tenant !== undefined) await people.choose(token, tenant);
      passCookies(answer, reply);
    },
  );

  /** With the secret of a link that the operator made. */
  post(
    "/password/reset",
    Type.Object({ token: Type.String({ minLength: 1, maxLength: 100 }), newPassword: Password }, closed),
    async (visit, { newPassword, token }) => {
      await guessing.beginLink(visit.request, "reset");
      const answer = await visit.library.handle("/reset-password", {
        method: "POST",
        headers: visit.headers(),
        body: { newPassword, token },
      });
      await checkAnswer(answer);
    },
  );

  post("/tenant", Type.Object({ tenant: Type.String({ maxLength: 64 }) }, closed), async (visit, { tenant }) => {
    const { person, token } = await visit.signedIn();
    const memberships = await people.members.ofPerson(person.id);
    if (!memberships.some((each) => each.tenant === tenant)) {
      throw new SwitchboardError("REQ_002", "You are in no such tenant.", { action: "Choose among your own." });
    }
    await people.choose(token, tenant);
  });
}

/** A new session, whatever the browser held before: that one ends. @throws REQ_005. */
async function signIn(visit: Visit, body: { readonly email: string; readonly password: string }): Promise<Response> {
  const answer = await visit.library.handle("/sign-in/email", { method: "POST", headers: visit.headers(), body });
  await checkAnswer(answer);
  await visit.library.handle("/sign-out", { method: "POST", headers: visit.headers(), body: {} });
  return answer;
}

/** The token of the session that an answer begins. */
function tokenIn(answer: Response): string | undefined {
  for (const cookie of answer.headers.getSetCookie()) {
    const [, value] = /^(?:__Secure-)?switchboard\.session_token=([^;]+)/.exec(cookie) ?? [];
    if (value !== undefined) return decodeURIComponent(value).split(".")[0];
  }
  return undefined;
}
