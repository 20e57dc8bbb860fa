/** Slack's calls as events for the inbox. Pure and cheap: it runs before Slack is answered. */
import { createHash } from "node:crypto";
import type { Json, Priority, RawEvent } from "@switchboard/domain";
import { type Body, eventOf, isBody, NOTE, withoutNote, wordOf } from "./body.ts";
import { isChannel, isStamp, laneOf } from "./ids.ts";
import { isSaid, placeOf, type ThreadSettings } from "./place.ts";

/** One event a call. What is of no known kind, even what is malformed, becomes an event too. */
export function unbundle(given: unknown, settings: ThreadSettings): RawEvent {
  // What came by another account of the app has a note of that one's.
  const update = isBody(given) && NOTE in given ? withoutNote(given) : given;
  const body = isBody(update) ? update : {};
  const place = placeOf(body, settings);
  const person = wordOf(eventOf(body).user);
  return {
    key: keyOf(body, update),
    lane: place ? laneOf(place.channel, place.thread) : (person ?? "other"),
    priority: priorityOf(body),
    payload: (update ?? null) as Json,
  };
}

/**
 * A message that mentions the bot comes twice, as `message` and as `app_mention`, with two event ids: it is known by its
 * place and time. Everything else has an id of its own, which a call that comes again repeats.
 */
function keyOf(body: Body, update: unknown): string {
  const event = eventOf(body);
  if (isSaid(event) && isChannel(event.channel) && isStamp(event.ts)) {
    return `m:${wordOf(body.team_id) ?? ""}:${event.channel}:${event.ts}`;
  }
  const id = wordOf(body.event_id) ?? wordOf(body.trigger_id);
  return id === undefined ? `#${digest(update)}` : `${isBody(body.event) ? "e" : "i"}:${id}`;
}

/** Presses, forms and commands are what people wait for. */
function priorityOf(body: Body): Priority {
  if (!isBody(body.event)) return body.command !== undefined || body.type !== undefined ? "high" : "normal";
  return wordOf(body.event.text)?.startsWith("/") ? "high" : "normal";
}

function digest(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(value) ?? "")
    .digest("base64url")
    .slice(0, 16);
}
