/** All methods that the simulator offers, found by name as Telegram finds them: case does not matter. */
import { refusal } from "../../failure.ts";
import type { Method, Methods } from "../call.ts";
import { botMethods } from "./bot.ts";
import { chatMethods } from "./chats.ts";
import { editMethods } from "./edit.ts";
import { interactionMethods } from "./interaction.ts";
import { mediaGroupMethods } from "./media-group.ts";
import { messageMethods } from "./messages.ts";
import { notSimulated } from "./not-simulated.ts";
import { mediaMethods } from "./send-media.ts";
import { otherContentMethods } from "./send-other.ts";
import { textMethods } from "./send-text.ts";
import { topicMethods } from "./topics.ts";
import { updateMethods } from "./updates.ts";

const simulated = {
  ...botMethods,
  ...chatMethods,
  ...editMethods,
  ...interactionMethods,
  ...mediaGroupMethods,
  ...mediaMethods,
  ...messageMethods,
  ...otherContentMethods,
  ...textMethods,
  ...topicMethods,
  ...updateMethods,
} satisfies Methods;

export type Simulated = keyof typeof simulated;

export const simulatedNames = Object.keys(simulated);

const byName: ReadonlyMap<string, Method> = new Map(
  Object.entries<Method>(simulated).map(([name, method]) => [name.toLowerCase(), method]),
);

const documented: ReadonlyMap<string, string> = new Map(
  Object.keys(notSimulated).map((name) => [name.toLowerCase(), name]),
);

/** Throws 404 for a method that there is not, and 400 for one that the simulator leaves out. */
export function findMethod(name: string): Method {
  const lower = name.toLowerCase();
  const method = byName.get(lower);
  if (method) return method;
  const left = documented.get(lower);
  if (left) throw refusal(400, `Bad Request: the simulator does not offer ${left}`);
  throw refusal(404, "Not Found: method not found");
}
