/** Everything that is sent as a file. */
import type { FileKind } from "../../world/files.ts";
import { mediaContent } from "../../world/media.ts";
import { type Call, type Methods, sending } from "../call.ts";
import { readCaption } from "../formatting.ts";
import { inputFile } from "../input-file.ts";
import { readMarkup } from "../markup.ts";
import { destination } from "../target.ts";
import { put } from "./deliver.ts";

const media = (kind: FileKind) =>
  sending(async (call) => {
    const caption = kind === "sticker" || kind === "video_note" ? {} : readCaption(call.world, call.params);
    const markup = readMarkup(call.params);
    // Looked at before the file is taken in, so that a refused call leaves none behind.
    destination(call);
    const file = await inputFile(call, kind, kind, call.params);
    const content = { ...mediaContent(call.world.files, file, emojiOf(call)), ...caption, ...spoiler(call) };
    return put(call, destination(call), content, markup).wire;
  });

function emojiOf({ params }: Call): { emoji?: string } {
  const emoji = params.text("emoji");
  return emoji ? { emoji } : {};
}

function spoiler({ params }: Call): { has_media_spoiler?: true } {
  return params.boolean("has_spoiler") ? { has_media_spoiler: true } : {};
}

export const mediaMethods = {
  sendPhoto: media("photo"),
  sendVideo: media("video"),
  sendAnimation: media("animation"),
  sendAudio: media("audio"),
  sendVoice: media("voice"),
  sendVideoNote: media("video_note"),
  sendDocument: media("document"),
  sendSticker: media("sticker"),
} satisfies Methods;
