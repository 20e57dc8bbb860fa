/** `/pairing`: people who wrote to an account and wait to be let in. */
import type { HandlersOf } from "./handlers.ts";
import type { AskMethod } from "./methods.ts";

export function pairingHandlers(ask: AskMethod): HandlersOf<"pairing"> {
  return {
    async "pairing.list"(call) {
      const { limits, requests } = await ask("channels.pairing.list", {}, call);
      return { items: requests, limits };
    },
    async "pairing.approve"(call) {
      const { commandOwnerBootstrap: _, ...answer } = await ask(
        "channels.pairing.approve",
        { ...call.params, ...call.body },
        call,
      );
      return answer;
    },
    "pairing.dismiss": (call) => ask("channels.pairing.dismiss", call.params, call),
  };
}
