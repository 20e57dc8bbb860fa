/**
 * One webhook body holds events of many entries and changes. Each becomes an update of its own in the same form, with
 * nothing but itself, so that it is stored, ordered and tried again alone.
 */
import { hash } from "node:crypto";
import { type Fields, fields, items, text } from "@switchboard/channel-kit/json";
import type { Json, RawEvent } from "@switchboard/domain";
import type { WhatsAppConfig } from "./config.ts";
import { conversationId } from "./ids.ts";

export function unbundle(update: unknown, self: string | undefined): RawEvent[] {
  const events = items(fields(update).entry).flatMap((entry) =>
    items(fields(entry).changes).flatMap((change) =>
      unbundleChange(fields(update), fields(entry), fields(change), self),
    ),
  );
  return events.length > 0 ? events : [unknown(update)];
}

/** The one change of an update that `unbundle` made. */
export function changeOf(update: unknown): Fields {
  return fields(items(fields(items(fields(update).entry)[0]).changes)[0]);
}

export type Numbers = Pick<WhatsAppConfig, "phoneNumberId" | "furtherPhoneNumberIds">;

/** False for another business's number: an app has one webhook for all its numbers, unless it was told otherwise. */
export function isOwn(update: unknown, { furtherPhoneNumberIds, phoneNumberId }: Numbers): boolean {
  const number = text(fields(fields(changeOf(update).value).metadata).phone_number_id);
  return number === undefined || number === phoneNumberId || furtherPhoneNumberIds.includes(number);
}

function unbundleChange(update: Fields, entry: Fields, change: Fields, self: string | undefined): RawEvent[] {
  const value = fields(change.value);
  const { messages, statuses, errors, ...shared } = value;
  const phone = text(fields(value.metadata).phone_number_id);
  const alone = (content: Fields): Json =>
    ({
      ...update,
      entry: [{ ...entry, changes: [{ ...change, value: { ...shared, ...content } }] }],
    }) as unknown as Json;
  const lane = (person: unknown) => conversationId(text(person) ?? "0", phone, self);
  if (change.field !== "messages") return [unknown(alone(value))];
  const events = [
    ...items(messages).map((message): RawEvent => {
      const { from, id } = fields(message);
      const payload = alone({ ...contactsOf(shared, from), messages: [message] });
      return { key: text(id) ?? digest(payload), lane: lane(from), payload };
    }),
    ...items(statuses).map((status): RawEvent => {
      const { id, recipient_id: recipient, status: what, timestamp } = fields(status);
      const payload = alone({ statuses: [status] });
      const key = text(id) && text(what) ? `${text(id)}:${text(what)}:${String(timestamp)}` : digest(payload);
      return { key, lane: lane(recipient), payload };
    }),
    ...items(errors).map((error): RawEvent => unknown(alone({ errors: [error] }))),
  ];
  return events.length > 0 ? events : [unknown(alone(value))];
}

/** Of all profiles only the sender's. */
function contactsOf({ contacts }: Fields, from: unknown): Fields {
  if (!Array.isArray(contacts)) return {};
  const own = contacts.filter((contact) => fields(contact).wa_id === from);
  return { contacts: own.length > 0 ? own : contacts };
}

function unknown(update: unknown): RawEvent {
  return { key: digest(update), lane: "account", payload: (update ?? null) as Json };
}

function digest(value: unknown): string {
  return hash("sha256", JSON.stringify(value) ?? "undefined", "base64url");
}
