/** People of the caller's tenant. */
import { Type } from "@switchboard/domain/schema";
import { Closed, Id, Text, Time } from "../schema.ts";
import { route } from "./route.ts";

const Role = Type.Enum(["owner", "admin", "member", "viewer"]);
const Email = Type.String({ minLength: 3, maxLength: 254, pattern: "^[^@\\s]+@[^@\\s]+$" });
const Member = Closed({ id: Id, name: Text, email: Text, role: Role, since: Time });
const Invitation = Closed({ id: Id, email: Text, role: Role, createdAt: Time, expiresAt: Time });
const ById = Closed({ id: Id });
const Done = Closed({ ok: Type.Literal(true) });

export const memberRoutes = {
  "members.list": route({
    method: "GET",
    path: "/members",
    summary: "The members of your tenant, and the invitations that were not accepted yet.",
    scope: "members:read",
    answer: Closed({ members: Type.Array(Member), invitations: Type.Array(Invitation) }),
    errors: ["REQ_002"],
  }),
  "members.invite": route({
    method: "POST",
    path: "/members",
    summary: "Invites somebody by a link, which is shown this once. It is for that address only and holds for a week.",
    scope: "members:write",
    limited: "invitations",
    body: Closed({ email: Email, role: Role }),
    status: 201,
    answer: Closed({ invitation: Invitation, link: Text }),
    errors: ["REQ_002"],
  }),
  "members.change": route({
    method: "PATCH",
    path: "/members/{id}",
    summary: "Gives a member another role. Nobody gives, changes or takes a role above their own.",
    scope: "members:write",
    params: ById,
    body: Closed({ role: Role }),
    answer: Done,
    errors: ["REQ_002", "REQ_004"],
  }),
  "members.remove": route({
    method: "DELETE",
    path: "/members/{id}",
    summary: "Ends a membership; the member's keys end with it. A tenant keeps its last owner.",
    scope: "members:write",
    params: ById,
    answer: Done,
    errors: ["REQ_002", "REQ_004"],
  }),
  "members.leave": route({
    method: "DELETE",
    path: "/membership",
    summary: "Leaves the tenant. For people; its last owner has to name another one first.",
    scope: null,
    answer: Done,
    errors: ["REQ_002", "REQ_004"],
  }),
  "members.withdraw": route({
    method: "DELETE",
    path: "/invitations/{id}",
    summary: "Withdraws an invitation: its link holds no longer.",
    scope: "members:write",
    params: ById,
    answer: Done,
    errors: ["REQ_002"],
  }),
};
