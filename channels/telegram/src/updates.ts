/** Telegram updates as events for the inbox. Pure and cheap: it runs before the platform is answered. */
import { createHash } from "node:crypto";
import type { Json, PeerId, Priority, RawEvent } from "@switchboard/domain";
import type { Update } from "grammy/types";
import { conversationId, laneOf, type Placed } from "./ids.ts";

/** What every kind of update may hold of what is needed here. Nothing of it is certain: it comes from outside. */
interface Content extends Partial<Placed> {
  readonly id?: unknown;
  readonly message_id?: unknown;
  readonly date?: unknown;
  readonly edit_date?: unknown;
  readonly text?: unknown;
  readonly from?: { readonly id?: unknown };
  readonly user?: { readonly id?: unknown };
  readonly message?: Partial<Placed>;
}

/**
 * One event an update. `bot` is the account's own id: a bot that replaces another starts its numbers anew, so it is a
 * part of the key. An update of unknown kind, even a malformed one, becomes an event too.
 */
export function unbundle(update: unknown, bot: PeerId | undefined): RawEvent {
  const { update_id, ...fields } = (typeof update === "object" && update !== null ? update : {}) as Partial<Update>;
  const [kind = "empty", value] = Object.entries(fields).find(([, each]) => isRecord(each)) ?? [];
  const content = (isRecord(value) ? value : {}) as Content;
  const id = Number.isSafeInteger(update_id) ? update_id : `#${digest(update)}`;
  return {
    key: `${bot ?? ""}:${id}`,
    fingerprint: `${kind}:${fingerprint(content, update)}`,
    lane: laneOfContent(content),
    priority: priorityOf(kind, content),
    payload: (update ?? null) as Json,
  };
}

/** The kind of an update, i.e. the name of its only object field. */
export function kindOf(update: Readonly<Record<string, unknown>>): string {
  return Object.keys(update).find((name) => isRecord(update[name])) ?? "empty";
}

function fingerprint(content: Content, update: unknown): string {
  const { message_id, date, edit_date, id, chat } = content;
  if (id !== undefined) return String(id);
  return message_id === undefined ? digest(update) : [chat?.id, message_id, date, edit_date].map(String).join(":");
}

function laneOfContent(content: Content): string {
  const placed = content.chat ? content : content.message;
  if (isPlaced(placed)) return laneOf(placed);
  const person = content.from?.id ?? content.user?.id;
  return typeof person === "number" ? conversationId(person) : "other";
}

function isPlaced(content: Partial<Placed> | undefined): content is Placed {
  return typeof content?.chat?.id === "number";
}

/** Presses and commands are what people wait for. */
function priorityOf(kind: string, { text }: Content): Priority {
  return kind === "callback_query" || (typeof text === "string" && text.startsWith("/")) ? "high" : "normal";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function digest(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(value) ?? "")
    .digest("base64url")
    .slice(0, 16);
}
