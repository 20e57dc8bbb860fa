/** What the bot said itself: Slack tells an app its own messages, too, and each edit of a streamed answer. */
import { bodyOf, eventOf, isBody, listOf, textOf, wordOf } from "./body.ts";
import { isSaid, messageIn } from "./place.ts";

/**
 * Whether an update is nothing but the account's own message or an edit of it. It is known by the app behind it, or by
 * the bot user for whom Slack sends the update. Such updates are acknowledged and not stored: the outbox knows them.
 */
export function isOwnEcho(update: unknown): boolean {
  if (!isBody(update)) return false;
  const event = eventOf(update);
  if (event.type !== "message") return false;
  if (!isSaid(event) && textOf(event.subtype) !== "message_changed") return false;
  const message = messageIn(event);
  if (message.subtype === "tombstone") return false;
  const app = wordOf(message.app_id) ?? wordOf(bodyOf(message.bot_profile).app_id);
  if (wordOf(message.bot_id) !== undefined && app !== undefined && app === wordOf(update.api_app_id)) return true;
  const user = wordOf(message.user);
  return listOf(update.authorizations).some(
    (each) => each.is_bot === true && user !== undefined && each.user_id === user,
  );
}
