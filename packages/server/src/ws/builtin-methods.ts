/** Methods that need nothing but the connection layer itself. */
import { SwitchboardError } from "@switchboard/domain";
import type { EventPayload, Result } from "@switchboard/protocol";
import { topics } from "./audience.ts";
import type { Beacon } from "./presence.ts";
import type { Handlers } from "./registry.ts";

export interface BuiltinOptions {
  /** From the last minute, or asked anew. */
  health(probe: boolean): Promise<EventPayload<"health">>;
  presence(): Result<"system-presence">;
  /** `caller`: whose beacon it is when it does not say. */
  beacon(beacon: Beacon, caller: string): void;
}

export function builtinMethods({ beacon, health, presence }: BuiltinOptions): Handlers {
  return {
    // Probing reaches out to the platforms: not for just anyone who may ask.
    health: ({ probe }, context) => health(probe === true && context.holds("operator.read")),
    "system-presence": () => presence(),
    "system-event"({ sessionKey, wake, ...said }, { connection }) {
      if (sessionKey !== undefined || wake === true) {
        const message = "System events reach no session here. Use chat.inject, or chat.send to wake an agent.";
        throw new SwitchboardError("REQ_001", message);
      }
      beacon(said, connection.device ?? connection.id);
      return { ok: true };
    },
    "sessions.subscribe": (_params, { subscribe }) => {
      subscribe(topics.sessionList);
      return { subscribed: true };
    },
    "sessions.messages.subscribe": ({ key }, { subscribe }) => {
      subscribe(topics.session(key));
      return { subscribed: true, key };
    },
    "sessions.messages.unsubscribe": ({ key }, { unsubscribe }) => {
      unsubscribe(topics.session(key));
      return { subscribed: false, key };
    },
    "trace.subscribe": (about, { subscribe }) => {
      subscribe(topics.trace(about));
      return { subscribed: true };
    },
    "trace.unsubscribe": (about, { unsubscribe }) => {
      unsubscribe(topics.trace(about));
      return { subscribed: false };
    },
  };
}
