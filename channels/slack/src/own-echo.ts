/** What the bot did itself: Slack tells an app its own messages, too, each edit of a streamed answer, and its reactions. */
import { bodyOf, eventOf, isBody, listOf, textOf, wordOf } from "./body.ts";
import { isSaid, messageIn } from "./place.ts";

/**
 * Whether an update is nothing but the account's own message, an edit of it or its own reaction. It is known by the app
 * behind it, or by the bot user for whom Slack sends the update. Such updates are acknowledged and not stored: who made
 * them knows.
 */
export function isOwnEcho(update: unknown): boolean {
  if (!isBody(update)) return false;
  const event = eventOf(update);
  const isOwn = (user: unknown) =>
    typeof user === "string" &&
    listOf(update.authorizations).some((each) => each.is_bot === true && each.user_id === user);
  if (event.type === "reaction_added" || event.type === "reaction_removed") return isOwn(event.user);
  if (event.type !== "message") return false;
  if (!isSaid(event) && textOf(event.subtype) !== "message_changed") return false;
  const message = messageIn(event);
  if (message.subtype === "tombstone") return false;
  const app = wordOf(message.app_id) ?? wordOf(bodyOf(message.bot_profile).app_id);
  if (wordOf(message.bot_id) !== undefined && app !== undefined && app === wordOf(update.api_app_id)) return true;
  return isOwn(message.user);
}
