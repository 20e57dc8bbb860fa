/** Twilio's calls as events for the inbox. Pure and cheap: it runs before the platform is answered. */
import { createHash } from "node:crypto";
import type { Json, RawEvent } from "@switchboard/domain";
import { keywordOf } from "./opt-out.ts";

/** A call's parameters, none of them certain: they come from outside. */
export type Params = Readonly<Record<string, unknown>>;

/** One event a call: a message by its SID, a status by SID and status. What it does not know becomes one, too. */
export function unbundle(update: unknown): RawEvent {
  const params = paramsOf(update);
  const sid = messageSid(params);
  const status = text(params, "MessageStatus");
  const other = status === undefined ? text(params, "From") : text(params, "To");
  return {
    key: sid === undefined ? `#${digest(update)}` : status === undefined ? sid : `${sid}:${status}`,
    lane: other ?? "other",
    priority: priorityOf(params, status),
    payload: (update ?? null) as Json,
  };
}

export function paramsOf(update: unknown): Params {
  return typeof update === "object" && update !== null && !Array.isArray(update) ? (update as Params) : {};
}

/** A parameter that is there and says something. */
export function text(params: Params, name: string): string | undefined {
  const value = params[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** `SmsSid` is what older set-ups still send. */
export function messageSid(params: Params): string | undefined {
  return text(params, "MessageSid") ?? text(params, "SmsSid");
}

/** Commands and the words that Twilio acts on are what people wait for; receipts wait for everybody. */
function priorityOf(params: Params, status: string | undefined): NonNullable<RawEvent["priority"]> {
  if (status !== undefined) return "low";
  const body = text(params, "Body") ?? "";
  return body.startsWith("/") || keywordOf(body, text(params, "OptOutType")) ? "high" : "normal";
}

function digest(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(value) ?? "")
    .digest("base64url")
    .slice(0, 16);
}
