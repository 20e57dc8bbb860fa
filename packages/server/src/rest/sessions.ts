/** `/sessions`: what agents remember of conversations, and with which model they answer. */
import type { ChannelId, SessionKey } from "@switchboard/domain";
import { sessionRow } from "../methods/session-row.ts";
import { requireSession } from "../methods/sessions.ts";
import type { Call, HandlersOf, RestDeps } from "./handlers.ts";
import type { AskMethod } from "./methods.ts";
import { pageOf } from "./pages.ts";

type OneSession = Pick<Call<"sessions.get">, "params" | "principal">;

export function sessionHandlers(deps: RestDeps, ask: AskMethod): HandlersOf<"sessions"> {
  const { engine, runs } = deps;
  const rowOf = async ({ params: { key }, principal: { tenant } }: OneSession) =>
    sessionRow(await requireSession(deps, tenant, key as SessionKey), runs, engine.routing);
  return {
    async "sessions.list"({ principal: { tenant }, query: { agentId, channel, ...page } }) {
      const filter = {
        ...page,
        ...(agentId !== undefined && { agent: agentId }),
        ...(channel !== undefined && { channel: channel as ChannelId }),
      };
      return pageOf(await engine.store.sessions.list(tenant, filter), (session) =>
        sessionRow(session, runs, engine.routing),
      );
    },
    "sessions.get": (call) => rowOf(call),
    async "sessions.patch"(call) {
      await rowOf(call);
      await ask("sessions.patch", { key: call.params.key, ...call.body }, call);
      return rowOf(call);
    },
    async "sessions.reset"(call) {
      await rowOf(call);
      await ask("sessions.reset", { key: call.params.key }, call);
      return rowOf(call);
    },
  };
}
