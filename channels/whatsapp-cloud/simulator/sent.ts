/** What the account sent, as the platform shows it. */
import type { AttachmentKind, ConversationId, MessageId, SimulatedMessage } from "@switchboard/domain";
import { choicesOf, type InteractiveContent } from "./api/checks.ts";
import { html, plainText, richText } from "./markup.ts";
import { templateButtons, templateText } from "./templates.ts";
import type { Message, World } from "./world.ts";

/** The chat as the channel names it: with the main number the person's, else with the number's id. */
export function conversationOf({ account }: World, chat: string, phone: string): ConversationId {
  return (phone === account.phones[0] ? chat : `${chat}~${phone}`) as ConversationId;
}

export function sentMessages(world: World, conversation?: ConversationId): SimulatedMessage[] {
  const said = conversation === undefined ? world.history.all() : world.history.of(conversation.split("~")[0] ?? "");
  return [...said]
    .filter(({ fromAccount, status }) => fromAccount && status !== "failed")
    .filter(({ chat, phone }) => conversation === undefined || conversationOf(world, chat, phone) === conversation)
    .map((message) => simulated(world, message));
}

/** What was sent never changes, so it is worked out once. */
const known = new WeakMap<Message, SimulatedMessage>();

export function simulated(world: World, message: Message): SimulatedMessage {
  const shown = known.get(message) ?? work(world, message);
  known.set(message, shown);
  return shown;
}

function work(world: World, message: Message): SimulatedMessage {
  const rich = richText(bodyText(world, message));
  const { at, chat, content, id, phone, replyTo } = message;
  const media = typeof content.id === "string" ? world.media.get(content.id) : undefined;
  const bytes = media && world.bytes.get(media.id);
  return {
    id: id as MessageId,
    conversation: conversationOf(world, chat, phone),
    text: plainText(rich).trimEnd(),
    html: html(rich),
    controls: controlsOf(world, message),
    attachments:
      media && bytes
        ? [
            {
              kind: content.voice === true ? "voice" : (message.type as AttachmentKind),
              mimeType: media.mimeType,
              bytes,
              ...(media.fileName !== undefined && { fileName: media.fileName }),
            },
          ]
        : [],
    ...(replyTo !== undefined && { replyTo: replyTo as MessageId }),
    at,
    edits: 0,
    deleted: false,
  };
}

/** The text, caption or label, in WhatsApp's markup. */
export function bodyText(world: World, { content, type }: Message): string {
  const { body, button_reply: button, caption, list_reply: row } = content;
  if (type === "template") return templateText(world, content);
  if (type === "button") return String(content.text ?? "");
  if (type === "location") {
    const { address, latitude, longitude, name } = content;
    return [name ?? `${String(latitude)}, ${String(longitude)}`, address].filter(Boolean).join("\n");
  }
  if (type === "contacts") {
    return Object.values(content)
      .map((each) => (each as { name: { formatted_name: string } }).name.formatted_name)
      .join("\n");
  }
  if (type === "interactive") {
    const reply = (button ?? row) as { readonly title: string } | undefined;
    return reply?.title ?? (body as { readonly text?: string } | undefined)?.text ?? "";
  }
  return String(body ?? caption ?? "");
}

function controlsOf(world: World, message: Message): SimulatedMessage["controls"] {
  const { content, type } = message;
  if (type === "template") {
    return templateButtons(world, message).map(({ label, url }) => [{ label, ...(url !== undefined && { url }) }]);
  }
  if (type !== "interactive") return [];
  const interactive = content as unknown as InteractiveContent;
  const { parameters } = interactive.action;
  return [
    ...choicesOf(interactive).map(({ title }) => [{ label: title }]),
    ...(parameters ? [[{ label: parameters.display_text, url: parameters.url }]] : []),
  ];
}
