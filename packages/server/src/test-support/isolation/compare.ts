/** Whether a foreign id is answered as one that does not exist. */

/** An id of the same form that nobody has: its last six letters and digits are others. */
export function ghostOf(id: string): string {
  let left = 6;
  return [...id]
    .reverse()
    .map((character) => {
      const alphabet = ALPHABETS.find((each) => each.includes(character));
      if (left === 0 || !alphabet) return character;
      left -= 1;
      return alphabet[(alphabet.indexOf(character) + 3) % alphabet.length];
    })
    .reverse()
    .join("");
}

const ALPHABETS = ["0123456789", "abcdef", "ghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"];

/** What makes two answers differ although they say the same: times, figures of the moment, ids that were just made. */
const PASSING: readonly (readonly [RegExp, string])[] = [
  [/\b(evt|trn|dlv|dead|ses)_[0-9a-z]{26}(:\d+)?\b/g, "<id>"],
  [/\bdirect:[0-9a-f]{32}\b|\bcv_[0-9a-f]{24}\b|\b[0-9a-f]{64}\b|\/cap\/[\w-]{24}/g, "<id>"],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<uuid>"],
  [/\b(key|inv)_[a-z0-9]{12}\b|\bswb_[\w-]+/g, "<key>"],
  [/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>"],
  [/\b1[0-9]{12}\b/g, "<time>"],
  [/messageId\\*":\\*"\d+/g, "messageId"],
  [/"(\w*Ms|ms|seq|version|rss|entries|size|storeSize|total|count|pid)":\d+(\.\d+)?/g, '"$1":0'],
];

/** The answer without what was asked for and without what only passes. */
export function essenceOf(answer: unknown, asked: readonly string[]): string {
  let text = without(JSON.stringify(answer) ?? "", asked, "<asked>");
  for (const [pattern, by] of PASSING) text = text.replaceAll(pattern, by);
  return text;
}

/** The words that stand in the answer although nobody who asked named them. */
export function wordsIn(answer: unknown, words: readonly string[], asked: readonly string[]): string[] {
  const text = without(JSON.stringify(answer) ?? "", asked, "");
  return words.filter((word) => text.includes(word));
}

/** Shorter ones may stand in an answer by chance. */
const SHORTEST = 6;

/** Without any of these, also where they were made JSON or part of an address. */
function without(text: string, asked: readonly string[], by: string): string {
  const long = asked.filter(({ length }) => length >= SHORTEST).sort((a, b) => b.length - a.length);
  const forms = long.flatMap((each) => [JSON.stringify(each).slice(1, -1), encodeURIComponent(each)]);
  return forms.reduce((left, form) => left.replaceAll(form, by), text);
}
