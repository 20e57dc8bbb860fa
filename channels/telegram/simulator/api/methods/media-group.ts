/** `sendMediaGroup`: several files as one album. */
import type { Message } from "@grammyjs/types";
import { badRequest } from "../../failure.ts";
import type { FileKind } from "../../world/files.ts";
import { mediaContent } from "../../world/media.ts";
import type { Content } from "../../world/post.ts";
import { type Call, type Methods, sending } from "../call.ts";
import { readCaption } from "../formatting.ts";
import { namedFile } from "../input-file.ts";
import { isObject, Params } from "../params.ts";
import { destination } from "../target.ts";
import { put } from "./deliver.ts";

const kinds: Readonly<Record<string, FileKind>> = {
  photo: "photo",
  video: "video",
  audio: "audio",
  document: "document",
  animation: "animation",
};

/** The fields of a message for one `InputMedia…`. */
export async function inputMedia(
  call: Call,
  value: unknown,
): Promise<{ readonly kind: FileKind; readonly content: Content }> {
  if (!isObject(value)) throw badRequest("can't parse InputMedia: expected an Object");
  const input = new Params(value);
  const type = input.text("type") ?? "";
  const kind = kinds[type];
  if (!kind) throw badRequest(`can't parse InputMedia: type "${type}" is unsupported`);
  const caption = readCaption(call.world, input);
  const file = await namedFile(call, input.text("media"), kind, input);
  const spoiler = input.boolean("has_spoiler") ? ({ has_media_spoiler: true } as const) : {};
  return { kind, content: { ...mediaContent(call.world.files, file), ...caption, ...spoiler } };
}

export const mediaGroupMethods = {
  sendMediaGroup: sending(async (call): Promise<Message[]> => {
    const list = call.params.list("media");
    if (!list) throw badRequest('parameter "media" is required');
    if (list.length < 1) throw badRequest("there is no media in the request");
    if (list.length > 10) throw badRequest("too many messages to send as an album");
    destination(call);
    const items = await Promise.all(list.map((value) => inputMedia(call, value)));
    const families = new Set(items.map(({ kind }) => (kind === "video" ? "photo" : kind)));
    if (families.size > 1 || families.has("animation")) {
      throw badRequest("can't use the media of the specified type in the album");
    }
    const place = destination(call);
    const group = items.length > 1 ? { media_group_id: String(1e13 + Math.floor(Math.random() * 1e12)) } : {};
    return items.map(({ content }) => put(call, place, { ...content, ...group }).wire);
  }),
} satisfies Methods;
