/** What a Discord message says, whatever it is made of. */
import {
  type AttachmentKind,
  type ContentType,
  type InboundAttachment,
  type InboundContent,
  sanitiseName,
  sanitiseText,
} from "@switchboard/domain";
import {
  type APIAttachment,
  type APIEmbed,
  type APIMessage,
  type APIMessageSnapshotFields,
  type APIPoll,
  type APIStickerItem,
  EmbedType,
} from "discord-api-types/v10";

type Content = Partial<
  Pick<APIMessage, "content" | "attachments" | "embeds" | "sticker_items" | "mentions" | "flags" | "poll">
>;

/** Set on a voice message: https://discord.com/developers/docs/resources/message#message-object-message-flags */
const IS_VOICE = 1 << 13;

/** The content, or `undefined` for a message that says nothing, e.g. one whose content the bot may not see. */
export function contentOf(message: APIMessage): InboundContent | undefined {
  const snapshot: APIMessageSnapshotFields | undefined = message.message_snapshots?.[0]?.message;
  const where = { channel: message.channel_id, message: message.id };
  return read(message, where) ?? (snapshot ? read(snapshot as Content, where) : undefined);
}

function read(
  message: Content,
  where: { readonly channel: string; readonly message: string },
): InboundContent | undefined {
  const attachments = [
    ...(message.attachments ?? []).map((each) => toAttachment(each, where, ((message.flags ?? 0) & IS_VOICE) !== 0)),
    ...(message.sticker_items ?? []).map(toSticker),
  ];
  const typed = withNames(message.content ?? "", message.mentions ?? []);
  // Beside a text Discord's own previews of its links say nothing new; what a program put there does.
  const shown = (message.embeds ?? []).filter(({ type }) => typed === "" || type === EmbedType.Rich);
  const embeds = shown.map(describeEmbed).filter((text) => text !== "");
  const poll = message.poll ? describePoll(message.poll) : "";
  const text = sanitiseText([typed, poll, ...embeds].filter((part) => part !== "").join("\n\n"));
  const [first] = attachments;
  if (!first && text === "") return undefined;
  const type: ContentType =
    first?.kind ?? (poll !== "" ? "poll" : typed === "" && embeds.length > 0 ? "embed" : "text");
  return { type, ...(text !== "" && { text }), ...(first && { attachments }) };
}

/** Mentions as people see them: `<@123>` is `@name`. */
function withNames(content: string, mentions: APIMessage["mentions"]): string {
  if (!content.includes("<@")) return content;
  const names = new Map(mentions.map(({ id, global_name, username }) => [id, global_name ?? username]));
  return content.replace(/<@!?(\d{1,20})>/g, (whole, id: string) => {
    const name = names.get(id);
    return name === undefined ? whole : `@${name}`;
  });
}

function toAttachment(
  file: APIAttachment,
  where: { readonly channel: string; readonly message: string },
  isVoice: boolean,
): InboundAttachment {
  const { content_type: mimeType, duration_secs: seconds, filename, height, id, size, url, width } = file;
  return {
    kind: kindOf(mimeType ?? "", isVoice),
    ref: { url: String(url), id: String(id), ...where, ...(typeof size === "number" && { size }) },
    ...(mimeType && { mimeType: sanitiseName(mimeType) }),
    ...(filename && { fileName: sanitiseName(filename) }),
    ...(typeof size === "number" && { size }),
    ...(typeof seconds === "number" && { durationMs: Math.round(seconds * 1000) }),
    ...(typeof width === "number" && { width }),
    ...(typeof height === "number" && { height }),
  };
}

function kindOf(mimeType: string, isVoice: boolean): AttachmentKind {
  if (isVoice) return "voice";
  const [family] = mimeType.split("/", 1);
  return family === "image" || family === "video" || family === "audio" ? family : "document";
}

/** By format: PNG, APNG, Lottie, GIF. https://discord.com/developers/docs/resources/sticker#sticker-object */
const stickers: Readonly<Record<number, readonly [ending: string, mimeType: string]>> = {
  1: ["png", "image/png"],
  2: ["png", "image/apng"],
  3: ["json", "application/json"],
  4: ["gif", "image/gif"],
};

function toSticker({ format_type, id, name }: APIStickerItem): InboundAttachment {
  const [ending, mimeType] = stickers[format_type] ?? ["png", "image/png"];
  return {
    kind: "sticker",
    ref: { sticker: `${String(id)}.${ending}` },
    mimeType,
    fileName: sanitiseName(`${name}.${ending}`),
  };
}

function describeEmbed({ author, description, fields = [], footer, title, url }: APIEmbed): string {
  return [
    author?.name,
    title && url ? `${title} (${url})` : (title ?? url),
    description,
    ...fields.map(({ name, value }) => `${name}: ${value}`),
    footer?.text,
  ]
    .filter((part) => typeof part === "string" && part !== "")
    .join("\n");
}

function describePoll({ answers, question, results }: APIPoll): string {
  const votes = new Map((results?.answer_counts ?? []).map(({ count, id }) => [id, count]));
  const options = answers.map(({ answer_id, poll_media: { text } }) => {
    const count = votes.get(answer_id);
    return `- ${text ?? ""}${count === undefined ? "" : ` (${count})`}`;
  });
  return [`Poll${results?.is_finalized ? ", closed" : ""}: ${question.text ?? ""}`, ...options].join("\n");
}
