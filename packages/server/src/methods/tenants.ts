/** `tenants.*`, `people.*`: what whoever runs the gateway decides about tenants. */
import { DEFAULT_TENANT, SwitchboardError, type TenantId } from "@switchboard/domain";
import { scopesOf } from "../identity/principal.ts";
import { linkFor, peopleOf } from "../identity/required.ts";
import type { CallContext, Handlers } from "../ws/index.ts";
import type { MethodDeps } from "./deps.ts";
import { requireGatewayOperator } from "./gateway-operator.ts";
import { deleteWhenIdle } from "./session-delete.ts";

export function tenantMethods(deps: MethodDeps): Handlers {
  const { engine } = deps;
  const note = ({ actor }: CallContext, action: string, tenant: string, subject = tenant) =>
    peopleOf(deps).audit(tenant as TenantId, { actor, action, subject, outcome: "ok" });
  return {
    async "tenants.list"(_params, context) {
      requireGatewayOperator(context);
      return { tenants: [...(await peopleOf(deps).tenants.list())] };
    },

    async "tenants.create"({ name, owner }, context) {
      requireGatewayOperator(context);
      const { invitations, tenants } = peopleOf(deps);
      const { id } = await tenants.create(name);
      await note(context, "tenant.created", id);
      if (owner === undefined) return { id, name };
      const { secret } = await invitations.create(id, owner, "owner", null);
      return { id, name, link: linkFor(deps, "invitation", secret) };
    },

    async "tenants.suspend"({ id }, context) {
      requireGatewayOperator(context);
      const { tenants } = peopleOf(deps);
      checkNotDefault((await tenants.get(id)).id);
      await tenants.suspend(id);
      // Also those that cannot run at this moment: they would come back by themselves.
      const rows = await engine.store.accounts.list(id as TenantId);
      const running = rows.filter(({ enabled }) => enabled).map(({ account, channel }) => ({ account, channel }));
      await tenants.noteStopped(id, running);
      for (const each of running) await engine.accounts.enable({ tenant: id as TenantId, ...each }, false);
      await note(context, "tenant.suspended", id);
      return { id, stopped: running.length };
    },

    async "tenants.resume"({ id }, context) {
      requireGatewayOperator(context);
      const { tenants } = peopleOf(deps);
      await tenants.get(id);
      let started = 0;
      // Its people first: what they are asked by their accounts they can answer. Asked again, it goes on where it ended.
      await tenants.admit(id);
      for (const stopped of await tenants.stopped(id)) {
        const ref = { tenant: id as TenantId, ...stopped };
        if (!(await engine.store.accounts.get(ref))) continue;
        await engine.accounts.enable(ref, true);
        started += 1;
      }
      await tenants.forgetStopped(id);
      await note(context, "tenant.resumed", id);
      return { id, started };
    },

    async "tenants.remove"({ id }, context) {
      requireGatewayOperator(context);
      const { tenants } = peopleOf(deps);
      const tenant = (await tenants.get(id)).id;
      checkNotDefault(tenant);
      // Nobody makes anything new meanwhile.
      await tenants.suspend(id);
      const rows = await engine.store.accounts.list(tenant);
      for (const { account, channel } of rows) await engine.accounts.remove({ tenant, channel, account });
      let sessions = 0;
      for (;;) {
        const { rows: some } = await engine.store.sessions.list(tenant, { limit: 100 });
        if (some.length === 0) break;
        for (const { key } of some) if (await deleteWhenIdle(deps, tenant, key)) sessions += 1;
      }
      // What is left of it, and in backups, holds no secret that could be opened.
      await deps.keeper.shred(tenant);
      await tenants.remove(id);
      await note(context, "tenant.removed", DEFAULT_TENANT, id);
      return { id, accounts: rows.length, sessions };
    },

    async "tenants.createKey"({ id, ...wanted }, context) {
      requireGatewayOperator(context);
      const { keys, tenants } = peopleOf(deps);
      const tenant = (await tenants.get(id)).id;
      const by = { kind: "operator", id: context.actor, tenant, role: "owner", scopes: scopesOf("owner") } as const;
      const { key, secret } = await keys.create(by, wanted);
      await peopleOf(deps).audit(tenant, {
        actor: context.actor,
        action: "key.created",
        subject: key.id,
        outcome: "ok",
        detail: { scopes: [...key.scopes] },
      });
      const { expiresAt, name, scopes } = key;
      return { id: key.id, tenant, name, scopes: [...scopes], ...(expiresAt !== undefined && { expiresAt }), secret };
    },

    async "people.resetLink"({ email }, context) {
      requireGatewayOperator(context);
      const people = peopleOf(deps);
      const person = await people.find(email);
      if (person === undefined) {
        throw new SwitchboardError("REQ_002", "There is nobody with this address.", { action: "Check the address." });
      }
      const link = linkFor(deps, "reset", "");
      const secret = await (await people.signIn(new URL(link).origin)).resetSecret(person);
      await note(context, "person.reset-link", DEFAULT_TENANT, `person:${person}`);
      return { link: link + secret };
    },
  };
}

function checkNotDefault(tenant: TenantId): void {
  if (tenant !== DEFAULT_TENANT) return;
  throw new SwitchboardError("REQ_004", "The default tenant is the gateway's own and stays.");
}
