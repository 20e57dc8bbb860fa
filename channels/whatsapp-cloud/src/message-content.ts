/** What a WhatsApp message says, whatever it is made of. */

import { type Fields, fields, items, text } from "@switchboard/channel-kit/json";
import {
  type AttachmentKind,
  type InboundAttachment,
  type InboundContent,
  sanitiseFileName,
  sanitiseName,
  sanitiseText,
} from "@switchboard/domain";

/** `undefined` for what has no meaning here. @throws MSG_003 for a text that is too long. */
export function contentOf(message: Fields): InboundContent | undefined {
  switch (message.type) {
    case "text":
      return said("text", text(fields(message.text).body));
    case "image":
    case "video":
    case "audio":
    case "document":
    case "sticker":
      return mediaOf(message.type, fields(message[message.type]));
    case "location":
      return locationOf(fields(message.location));
    case "contacts":
      return contactOf(items(message.contacts));
    case "order":
      return said("interactive", orderText(fields(message.order)));
    case "interactive":
      return said("interactive", text(fields(fields(message.interactive).nfm_reply).response_json));
    default:
      return undefined;
  }
}

function said(type: "text" | "interactive", body: string | undefined): InboundContent | undefined {
  const clean = body === undefined ? "" : sanitiseText(body);
  return clean === "" ? undefined : { type, text: clean };
}

function mediaOf(type: Exclude<AttachmentKind, "voice">, media: Fields): InboundContent | undefined {
  const id = text(media.id);
  if (id === undefined) return undefined;
  const kind = type === "audio" && media.voice === true ? "voice" : type;
  const mimeType = text(media.mime_type);
  const name = text(media.filename);
  const fileName = name === undefined ? undefined : sanitiseFileName(name);
  const caption = text(media.caption);
  const attachment: InboundAttachment = {
    kind,
    ref: { media: id },
    ...(mimeType !== undefined && { mimeType: sanitiseName(mimeType) }),
    ...(fileName !== undefined && { fileName }),
  };
  return { type: kind, attachments: [attachment], ...(caption !== undefined && { text: sanitiseText(caption) }) };
}

function locationOf(location: Fields): InboundContent | undefined {
  const { latitude, longitude } = location;
  if (typeof latitude !== "number" || typeof longitude !== "number") return undefined;
  const title = text(location.name);
  const address = text(location.address);
  return {
    type: "location",
    location: {
      latitude,
      longitude,
      ...(title !== undefined && { title: sanitiseName(title) }),
      ...(address !== undefined && { address: sanitiseName(address) }),
    },
  };
}

/** The first is the contact; when there are more, the text lists all. */
function contactOf(contacts: readonly unknown[]): InboundContent | undefined {
  const read = contacts.map((each) => {
    const { emails, name, phones } = fields(each);
    const phone = text(fields(items(phones)[0]).phone) ?? text(fields(items(phones)[0]).wa_id);
    const email = text(fields(items(emails)[0]).email);
    return {
      name: sanitiseName(text(fields(name).formatted_name) ?? phone ?? "?"),
      ...(phone !== undefined && { phone: sanitiseName(phone) }),
      ...(email !== undefined && { email: sanitiseName(email) }),
    };
  });
  const [contact, ...others] = read;
  if (!contact) return undefined;
  const list = read.map(({ name, phone }) => (phone === undefined ? name : `${name}, ${phone}`)).join("\n");
  return { type: "contact", contact, ...(others.length > 0 && { text: list }) };
}

function orderText(order: Fields): string {
  const lines = items(order.product_items).map((item) => {
    const { currency, item_price: price, product_retailer_id: product, quantity } = fields(item);
    return `${String(quantity)} × ${String(product)}, ${String(price)} ${String(currency)}`;
  });
  return ["Order:", ...lines, text(order.text) ?? ""].filter((line) => line !== "").join("\n");
}
