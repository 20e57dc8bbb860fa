/** What goes wrong on purpose. */
import type { Fault } from "@switchboard/domain";
import { badRequest, forbidden, refusal, tooManyRequests } from "../failure.ts";
import type { Chat } from "../world/chats.ts";

/** What a call does, as faults tell calls apart. */
export type CallKind = "send" | "edit" | "receive" | "other";

export class Faults {
  #waiting: { readonly fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    this.#waiting.push({ fault, left: fault.times });
  }

  /** The fault that this call meets, which is then used up once. */
  take(kind: CallKind, conversation?: string): Fault | undefined {
    if (this.#waiting.length === 0) return undefined;
    const met = this.#waiting.find(
      ({ fault }) =>
        (fault.on === "any" || fault.on === kind) &&
        (fault.conversation === undefined || fault.conversation === conversation),
    );
    if (!met) return undefined;
    met.left -= 1;
    if (met.left <= 0) this.#waiting = this.#waiting.filter((other) => other !== met);
    return met.fault;
  }
}

/** What the bot is told instead of an answer; `undefined` for faults of the connection. */
export function faultError(fault: Fault, chat: Chat | undefined): Error | undefined {
  switch (fault.kind) {
    case "rate-limit":
      return tooManyRequests(Math.max(1, Math.ceil((fault.retryAfterMs ?? 1000) / 1000)));
    case "server-error":
      return refusal(500, "Internal Server Error");
    case "unauthorised":
      return refusal(401, "Unauthorized");
    case "forbidden":
      if (!chat) return badRequest("chat not found");
      return forbidden(
        chat.wire.type === "private" ? "bot was blocked by the user" : `bot was kicked from the ${chat.wire.type} chat`,
      );
    default:
      return undefined;
  }
}
