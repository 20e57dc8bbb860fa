/** `/members`, `/invitations`: who belongs to the caller's tenant. */
import { SwitchboardError } from "@switchboard/domain";
import type { Principal } from "../identity/principal.ts";
import { linkFor, peopleOf } from "../identity/required.ts";
import type { MethodDeps } from "../methods/deps.ts";
import type { HandlersOf } from "./handlers.ts";

export function memberHandlers(deps: MethodDeps): HandlersOf<"members"> {
  const note = (by: Principal, action: string, subject: string, detail?: { role: string }) =>
    peopleOf(deps).audit(by.tenant, { actor: by.id, action, subject, outcome: "ok", ...(detail && { detail }) });
  return {
    async "members.list"({ principal: { tenant } }) {
      const { invitations, members } = peopleOf(deps);
      return { members: await members.list(tenant), invitations: await invitations.list(tenant) };
    },
    async "members.invite"({ body: { email, role }, principal }) {
      const { invitation, secret } = await peopleOf(deps).invitations.invite(principal, email, role);
      await note(principal, "member.invited", invitation.id, { role });
      return { invitation, link: linkFor(deps, "invitation", secret) };
    },
    async "members.change"({ body: { role }, params: { id }, principal }) {
      await peopleOf(deps).members.change(principal, id, role);
      await note(principal, "member.changed", `person:${id}`, { role });
      return { ok: true };
    },
    async "members.remove"({ params: { id }, principal }) {
      await peopleOf(deps).members.change(principal, id, undefined);
      await note(principal, "member.removed", `person:${id}`);
      return { ok: true };
    },
    async "members.leave"({ principal }) {
      if (principal.kind !== "person") {
        throw new SwitchboardError("SEC_003", "Only people leave a tenant.", {
          action: "Sign in and leave it yourself.",
        });
      }
      await peopleOf(deps).members.change(principal, principal.id.slice("person:".length), undefined);
      await note(principal, "member.left", principal.id);
      return { ok: true };
    },
    async "members.withdraw"({ params: { id }, principal }) {
      if (!(await peopleOf(deps).invitations.withdraw(principal.tenant, id))) {
        throw new SwitchboardError("REQ_002", "There is no such invitation.", { action: "List the members first." });
      }
      await note(principal, "member.uninvited", id);
      return { ok: true };
    },
  };
}
