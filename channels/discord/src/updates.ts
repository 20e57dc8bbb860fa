/** Dispatches as events for the inbox. Pure and cheap: it runs before anything is stored. */
import { createHash } from "node:crypto";
import type { Json, Priority, RawEvent, SelfIdentity } from "@switchboard/domain";
import { isSnowflake } from "./ids.ts";
import { isThread, type Place } from "./places.ts";

/** What is stored of a dispatch: Discord's own `t` and `d`, and what was known of its channel at the time. */
export interface Update {
  readonly t: string;
  readonly d: Readonly<Record<string, unknown>>;
  readonly place?: Place;
  /** Where it stood in which session: what tells two reactions apart that are alike. */
  readonly at?: string;
}

export function isUpdate(value: unknown): value is Update {
  if (typeof value !== "object" || value === null || !("t" in value) || !("d" in value)) return false;
  return typeof value.t === "string" && typeof value.d === "object" && value.d !== null && !Array.isArray(value.d);
}

/** One event for each update; of a bulk deletion too. */
export function unbundle(update: unknown, { self }: { readonly self?: SelfIdentity }): RawEvent[] {
  const payload = (update ?? null) as Json;
  if (!isUpdate(update)) return [{ key: `unknown:${digest(update)}`, lane: "unknown", payload }];
  const priority = priorityOf(update, self);
  return [
    {
      key: keyOf(update),
      lane: laneOf(update),
      ...(priority !== undefined && { priority }),
      payload,
    },
  ];
}

/** Type and id, and what makes it another event of the same thing. Discord numbers no events over sessions. */
function keyOf(update: Update): string {
  const { d, t } = update;
  const id = typeof d.id === "string" ? d.id : undefined;
  switch (t) {
    case "MESSAGE_CREATE":
    case "INTERACTION_CREATE":
      if (id !== undefined) return `${t}:${id}`;
      break;
    case "MESSAGE_UPDATE":
      // With the time of the edit before: only what a link shows was found out.
      if (id !== undefined && typeof d.edited_timestamp === "string") return `${t}:${id}:${d.edited_timestamp}`;
      break;
    case "MESSAGE_DELETE":
      if (id !== undefined) return `${t}:${id}`;
      break;
  }
  return `${t}:${update.at ?? digest(d)}`;
}

/** The thread where threads are, else the channel, else the server. */
function laneOf({ d, place }: Update): string {
  const channel = isSnowflake(d.channel_id) ? d.channel_id : undefined;
  if (channel !== undefined)
    return place?.parent_id !== undefined && isThread(place) ? `${place.parent_id}:${channel}` : channel;
  return isSnowflake(d.guild_id) ? d.guild_id : isSnowflake(d.id) ? d.id : "unknown";
}

function priorityOf({ d, t }: Update, self: SelfIdentity | undefined): Priority | undefined {
  if (t === "INTERACTION_CREATE") return "high";
  if (t !== "MESSAGE_CREATE") return "low";
  const author = d.author as { readonly id?: unknown } | undefined | null;
  if (self && author?.id === self.id) return "low";
  return typeof d.content === "string" && /^\/\w/.test(d.content) ? "high" : undefined;
}

function digest(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(value) ?? "undefined")
    .digest("base64url");
}
