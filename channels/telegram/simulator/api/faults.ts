/** What goes wrong on purpose, in the Bot API's words. */
import type { Fault } from "@switchboard/domain";
import { retryAfterSeconds } from "@switchboard/simulator-kit";
import { badRequest, forbidden, refusal, tooManyRequests } from "../failure.ts";
import type { Chat } from "../world/chats.ts";

/** What the bot is told instead of an answer; `undefined` for faults of the connection. */
export function faultError(fault: Fault, chat: Chat | undefined): Error | undefined {
  switch (fault.kind) {
    case "rate-limit":
      return tooManyRequests(retryAfterSeconds(fault));
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
