/**
 * What has no Markdown: a message that is nothing but a code block in one of these languages holds it as JSON.
 *
 * - `whatsapp-template`: see `template.ts`
 * - `whatsapp-location`: `{"latitude": 52.52, "longitude": 13.405, "name": "Bakery", "address": "Torstraße 1"}`
 * - `whatsapp-contacts`: `[{"name": "Ann Lee", "phones": ["+1 650 555 1234"], "emails": ["ann@example.org"]}]`
 *
 * https://developers.facebook.com/docs/whatsapp/cloud-api/messages/location-messages and …/contacts-messages
 */
import { type Json, type OutboundContent, SwitchboardError, validated } from "@switchboard/domain";
import { type Static, Type } from "@switchboard/domain/schema";
import type { Payload } from "./payload.ts";
import { templateOf } from "./template.ts";

const closed = { additionalProperties: false };
const Line = Type.String({ minLength: 1, maxLength: 1000 });

const Place = Type.Object(
  {
    latitude: Type.Number({ minimum: -90, maximum: 90 }),
    longitude: Type.Number({ minimum: -180, maximum: 180 }),
    name: Type.Optional(Line),
    address: Type.Optional(Line),
  },
  closed,
);
const Contacts = Type.Array(
  Type.Object(
    {
      name: Line,
      phones: Type.Optional(Type.Array(Line, { maxItems: 20 })),
      emails: Type.Optional(Type.Array(Line, { maxItems: 20 })),
      company: Type.Optional(Line),
    },
    closed,
  ),
  // At most five: the description of `ContactsMessage`.
  { minItems: 1, maxItems: 5 },
);

/** What the only block of the content asks for, if it does. @throws MSG_008 when it is not written as it should be. */
export function payloadIn({ body }: OutboundContent): Payload | undefined {
  const [only, ...others] = body.children;
  if (only?.type !== "code" || others.length > 0) return undefined;
  switch (only.lang) {
    case "whatsapp-template":
      return { type: "template", template: templateOf(read(only.value)) };
    case "whatsapp-location":
      return { type: "location", card: placeCard(validated(Place, read(only.value), "place", "MSG_008")) };
    case "whatsapp-contacts":
      return { type: "contacts", card: contactCards(validated(Contacts, read(only.value), "contacts", "MSG_008")) };
    default:
      return undefined;
  }
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SwitchboardError("MSG_008", "The code block holds no JSON.");
  }
}

/** Numbers as texts: the description of `LocationMessage`. */
function placeCard({ latitude, longitude, ...named }: Static<typeof Place>): Json {
  return { latitude: String(latitude), longitude: String(longitude), ...named };
}

function contactCards(contacts: Static<typeof Contacts>): Json {
  return contacts.map(({ company, emails = [], name, phones = [] }) => ({
    // Meta wants a part of the name beside the whole.
    name: { formatted_name: name, first_name: name },
    ...(phones.length > 0 && { phones: phones.map(phoneCard) }),
    ...(emails.length > 0 && { emails: emails.map((email) => ({ email, type: "WORK" })) }),
    ...(company !== undefined && { org: { company } }),
  }));
}

/** With the number as WhatsApp's id the person can be written to by a press. */
function phoneCard(phone: string): Json {
  const digits = phone.replace(/\D/g, "");
  return { phone, type: "WORK", ...(phone.startsWith("+") && digits.length >= 6 && { wa_id: digits }) };
}
