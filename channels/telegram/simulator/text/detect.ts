/** Entities that Telegram finds by itself: commands, mentions, hashtags, addresses. */
import type { MessageEntity } from "@grammyjs/types";
import { endOf, sorted } from "./formatted-text.ts";

type Found = "url" | "email" | "mention" | "bot_command" | "hashtag" | "cashtag" | "phone_number";

/** Most texts have none of these characters and are done with. */
const hint = /[@#$/+]|\.\p{L}/u;

/** Earlier ones win where two overlap. The group that matters is the first. */
const patterns: readonly (readonly [Found, RegExp])[] = [
  ["email", /(?<![\w.+-])([\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,})(?![\w@])/gi],
  ["url", /(?<![\w@.])((?:https?:\/\/|ftp:\/\/)[^\s<>"'`]+)/gi],
  [
    "url",
    /(?<![\w@./])((?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|app|ai|me|info|eu|de|uk|fr|es|it|nl|ch|at|ru|ua|in|jp)(?:[/?#][^\s<>"'`]*)?)(?![\w@-])/gi,
  ],
  ["bot_command", /(?<![\w/<>@])(\/[a-z0-9_]{1,64}(?:@[a-z]\w{2,31})?)(?![\w/])/gi],
  ["mention", /(?<![\w@])(@[a-z]\w{2,31})(?!\w)/gi],
  ["hashtag", /(?<![\p{L}\p{N}_#&])(#(?=[\p{N}_]*\p{L})[\p{L}\p{N}_]{1,256})/gu],
  ["cashtag", /(?<![\w$])(\$[A-Z]{1,8})(?!\w)/g],
  ["phone_number", /(?<![\w+])(\+\d[\d ()-]{7,18}\d)(?!\w)/g],
];

const untouchable: ReadonlySet<string> = new Set([
  "code",
  "pre",
  "text_link",
  "text_mention",
  "custom_emoji",
  "date_time",
]);

/** The given entities and what was found beside them, sorted. */
export function withDetected(text: string, entities: readonly MessageEntity[]): readonly MessageEntity[] {
  if (!hint.test(text)) return entities;
  const taken = entities.filter(({ type }) => untouchable.has(type));
  const found: MessageEntity[] = [];
  for (const [type, pattern] of patterns) {
    for (const match of text.matchAll(pattern)) {
      const matched = type === "url" ? trimUrl(match[1] ?? "") : (match[1] ?? "");
      const entity: MessageEntity = { type, offset: match.index, length: matched.length };
      if (matched.length < 2) continue;
      if (taken.some((other) => other.offset < endOf(entity) && entity.offset < endOf(other))) continue;
      taken.push(entity);
      found.push(entity);
    }
  }
  return found.length === 0 ? entities : sorted([...entities, ...found]);
}

/** Punctuation behind an address belongs to the sentence; so does a bracket that the address did not open. */
function trimUrl(url: string): string {
  let trimmed = url.replace(/[.,:;!?…]+$/, "");
  while (trimmed.endsWith(")") && !trimmed.includes("(")) trimmed = trimmed.slice(0, -1).replace(/[.,:;!?…]+$/, "");
  return trimmed;
}
