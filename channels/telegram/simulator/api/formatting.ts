/** Text and captions of a call, formatted by a parse mode or by entities. */
import type { MessageEntity } from "@grammyjs/types";
import { badRequest } from "../failure.ts";
import { CAPTION_LIMIT, captionContent, TEXT_LIMIT, textContent } from "../people/say.ts";
import { withDetected } from "../text/detect.ts";
import { type FormattedText, normalise } from "../text/formatted-text.ts";
import { parseHtml } from "../text/html.ts";
import { parseMarkdownV2 } from "../text/markdown-v2.ts";
import type { Content } from "../world/post.ts";
import type { World } from "../world/world.ts";
import { isObject, Params } from "./params.ts";

/** Most bytes that are looked at at all. */
const MOST_BYTES = 2 ** 15;
/** Entities beyond these are lost without a word, as at Telegram. */
const MOST_ENTITIES = 100;

/** The text of a message. Throws 400 when there is none or too much. */
export function readText(world: World, params: Params): Content {
  const raw = params.text("text");
  if (raw === undefined || raw === "") throw badRequest("message text is empty");
  const { text, entities } = formatted(world, params, raw, "entities");
  if (text === "") throw badRequest("text must be non-empty");
  if (text.length > TEXT_LIMIT) throw badRequest("message is too long");
  return textContent(text, entities);
}

/** The caption of a file; no fields when there is none. */
export function readCaption(world: World, params: Params): Content {
  const raw = params.text("caption");
  if (raw === undefined || raw === "") return {};
  const { text, entities } = formatted(world, params, raw, "caption_entities");
  if (text.length > CAPTION_LIMIT) throw badRequest("message caption is too long");
  return text === "" ? {} : captionContent(text, entities);
}

/** Formats any text of a call by its parse mode, else by the entities under `field`. */
export function formatted(
  world: World,
  params: Params,
  raw: string,
  field: string,
  modeField = "parse_mode",
): FormattedText {
  if (Buffer.byteLength(raw) > MOST_BYTES) throw badRequest("text is too long");
  const mode = params.text(modeField)?.toLowerCase() ?? "";
  const parsed = mode === "" || mode === "none" ? withEntities(params, raw, field) : parse(raw, mode);
  const { text, entities } = normalise(parsed.text, knownUsers(world, parsed.entities));
  return { text, entities: withDetected(text, entities).slice(0, MOST_ENTITIES) };
}

function parse(raw: string, mode: string): FormattedText {
  if (mode === "html") return parseHtml(raw);
  if (mode === "markdownv2") return parseMarkdownV2(raw);
  throw badRequest("unsupported parse_mode");
}

function withEntities(params: Params, text: string, field: string): FormattedText {
  const list = params.list(field);
  return { text, entities: list ? list.flatMap(readEntity) : [] };
}

const plain = [
  "bold",
  "italic",
  "underline",
  "strikethrough",
  "spoiler",
  "code",
  "blockquote",
  "expandable_blockquote",
] as const;

/** Types that Telegram finds by itself and ignores when a bot sends them. */
const automatic = ["mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bank_card_number"];

function readEntity(value: unknown): MessageEntity[] {
  if (!isObject(value)) throw badRequest("can't parse MessageEntity: expected an Object");
  const entity = new Params(value);
  const required = <T>(field: string, read: (name: string) => T | undefined): T => {
    const found = read(field);
    if (found === undefined) throw badRequest(`can't parse MessageEntity: Can't find field "${field}"`);
    return found;
  };
  const type = required("type", (name) => entity.text(name));
  const place = {
    offset: required("offset", (name) => entity.integer(name)),
    length: required("length", (name) => entity.integer(name)),
  };
  const simple = plain.find((name) => name === type);
  if (simple) return [{ type: simple, ...place }];
  if (automatic.includes(type)) return [];
  switch (type) {
    case "pre": {
      const language = entity.text("language");
      return [{ type, ...place, ...(language && { language }) }];
    }
    case "text_link":
      return [{ type, ...place, url: required("url", (name) => entity.text(name)) }];
    case "text_mention": {
      const user = new Params(required("user", (name) => entity.object(name)));
      const id = user.integer("id");
      if (id === undefined) throw badRequest("can't parse MessageEntity: Can't find field \"id\"");
      return [{ type, ...place, user: { id, is_bot: false, first_name: "" } }];
    }
    case "custom_emoji":
      return [{ type, ...place, custom_emoji_id: required("custom_emoji_id", (name) => entity.text(name)) }];
    default:
      throw badRequest("can't parse MessageEntity: Unsupported type specified");
  }
}

/** A mention by id needs somebody with that id; without one it is plain text. */
function knownUsers(world: World, entities: readonly MessageEntity[]): readonly MessageEntity[] {
  if (!entities.some(({ type }) => type === "text_mention")) return entities;
  return entities.flatMap((entity): MessageEntity[] => {
    if (entity.type !== "text_mention") return [entity];
    const user = world.people.byId(entity.user.id)?.user;
    return user ? [{ ...entity, user }] : [];
  });
}
