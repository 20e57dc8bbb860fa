/** Messages and reactions of the business, and that it has read somebody's. */
import { ATTACHMENTS } from "../../src/attachments.ts";
import { tellStatus } from "../events.ts";
import { checkTemplate } from "../templates.ts";
import { isOpen, type Message, post, type World } from "../world.ts";
import type { Call } from "./call.ts";
import { checkMessage } from "./checks.ts";
import { invalid, refusal } from "./refusal.ts";

export function send({ id: phone, json, world }: Call) {
  const checked = checkMessage(json);
  const { content, delivery, replyTo, to, type } = checked;
  if (replyTo !== undefined && !world.byId.has(replyTo)) throw invalid("Invalid context message_id");
  if (type === "reaction") return ownReaction(world, to, content);
  if (type === "template") checkTemplate(world, content);
  if (type in ATTACHMENTS) checkFile(world, type as keyof typeof ATTACHMENTS, String(content.id));
  const person = world.people.byId(to);
  const message = post(world, {
    chat: to,
    phone,
    fromAccount: true,
    type,
    content,
    ...(replyTo !== undefined && { replyTo }),
    ...(delivery !== undefined && { delivery }),
  });
  world.typing.stop(to);
  if (!person) {
    tellStatus(world, message, "failed", [{ code: 131026, title: "Message undeliverable" }]);
  } else if (type !== "template" && !isOpen(person)) {
    const details =
      "Message failed to send because more than 24 hours have passed since the customer last replied to this number.";
    const error = {
      code: 131047,
      title: "Re-engagement message",
      message: "Re-engagement message",
      error_data: { details },
    };
    tellStatus(world, message, "failed", [error]);
  } else {
    tellStatus(world, message, "sent");
    tellStatus(world, message, "delivered");
  }
  return {
    messaging_product: "whatsapp",
    contacts: [{ input: to, wa_id: to }],
    messages: [{ id: message.id, message_status: "accepted" }],
  };
}

/** The business's own reaction; there is one of it at most. */
function ownReaction(world: World, to: string, { emoji, message_id: id }: Message["content"]) {
  const message = world.byId.get(String(id));
  if (message?.chat !== to) throw refusal(400, 131009, "Parameter value is not valid", "Invalid message_id");
  const { account: _before, ...others } = message.reactions;
  message.reactions = emoji === "" ? others : { ...others, account: String(emoji) };
  world.history.keep(message);
  world.changes.tell({ kind: "message", message });
  const own = `wamid.${Buffer.from(`${world.account.phones[0]}:${world.numbers.next()}`).toString("base64")}`;
  return { messaging_product: "whatsapp", contacts: [{ input: to, wa_id: to }], messages: [{ id: own }] };
}

/** Meta looks at the file when it is used. */
function checkFile(world: World, kind: keyof typeof ATTACHMENTS, id: string): void {
  const media = world.media.get(id);
  if (!media) throw invalid(`Media ID ${id} does not exist`);
  const { maxBytes = 0, types } = ATTACHMENTS[kind] ?? {};
  const [type = ""] = media.mimeType.split(";");
  if (media.size > maxBytes || (types && !types.includes(type))) {
    throw refusal(400, 131053, "Media upload error", `Unsupported ${kind}: ${media.mimeType}, ${media.size} bytes`);
  }
}

export function markRead({ json, world }: Call) {
  const message = world.byId.get(String(json.message_id));
  if (json.status !== "read" || !message || message.fromAccount) throw invalid("Invalid message_id");
  if (json.typing_indicator !== undefined) world.typing.start(message.chat);
  return { success: true };
}
