/** `/deliveries` and `/dead-letters`: what goes out, and what could not be done. */
import { type DeliveryId, SwitchboardError } from "@switchboard/domain";
import type { HandlersOf, RestDeps } from "./handlers.ts";
import type { AskMethod } from "./methods.ts";
import { withNext } from "./pages.ts";

export function deliveryHandlers({ engine }: RestDeps, ask: AskMethod): HandlersOf<"deliveries"> {
  return {
    async "deliveries.list"(call) {
      const { state, ...query } = call.query;
      const params = { ...query, ...(state !== undefined && { states: [state] }) };
      const { cursor, deliveries } = await ask("deliveries.list", params, call);
      return withNext(deliveries, cursor);
    },

    "deliveries.get": async (call) => (await ask("deliveries.get", call.params, call)).delivery,

    async "deliveries.cancel"(call) {
      const { id } = (await ask("deliveries.get", call.params, call)).delivery;
      const { tenant } = call.principal;
      const cancelled = await engine.store.outbox.cancel(tenant, id as DeliveryId, engine.clock.now());
      if (!cancelled) throw new SwitchboardError("REQ_004", "It is too late: it is being sent, or settled.");
      const entry = { at: engine.clock.now(), actor: call.principal.id, action: "delivery.cancelled", subject: id };
      await engine.store.audit.append(tenant, { ...entry, outcome: "ok" });
      return { id, cancelled };
    },
  };
}

export function deadLetterHandlers(ask: AskMethod): HandlersOf<"deadLetters"> {
  return {
    async "deadLetters.list"(call) {
      const { cursor, deadLetters } = await ask("deadLetters.list", call.query, call);
      return withNext(deadLetters, cursor);
    },
    "deadLetters.get": async (call) => (await ask("deadLetters.get", call.params, call)).deadLetter,
    "deadLetters.replay": (call) => ask("deadLetters.replay", call.params, call),
    "deadLetters.discard": (call) => ask("deadLetters.discard", call.params, call),
  };
}
