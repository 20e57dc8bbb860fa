/** All methods that the simulator offers. */
import type { Methods } from "../call.ts";
import { botMethods } from "./bot.ts";
import { chatMethods } from "./chats.ts";
import { editMethods } from "./edit.ts";
import { interactionMethods } from "./interaction.ts";
import { mediaGroupMethods } from "./media-group.ts";
import { messageMethods } from "./messages.ts";
import { mediaMethods } from "./send-media.ts";
import { otherContentMethods } from "./send-other.ts";
import { textMethods } from "./send-text.ts";
import { topicMethods } from "./topics.ts";
import { updateMethods } from "./updates.ts";

export const simulated = {
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
