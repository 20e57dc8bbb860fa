/**
 * Reads chat commands character by character, never by regular expressions (ACC-6): a line break, quotes, Markdown
 * around the command or an emoji behind it do not confuse it.
 */

export interface CommandLine {
  /** Lower case, without the slash. */
  readonly name: string;
  /** The bot it was addressed to with `/name@bot`, lower case. */
  readonly addressee?: string;
  readonly args: readonly string[];
  /** Everything behind the name as it was typed, trimmed. */
  readonly rest: string;
}

const FORMATTING = "`*_~";
const QUOTES: Readonly<Record<string, string>> = { '"': '"', "'": "'", "“": "”", "„": "“", "«": "»", "‘": "’" };

/** The command in `text`, or `undefined` when it does not start with one. */
export function lexCommand(text: string): CommandLine | undefined {
  let at = 0;
  while (at < text.length && (isSpace(text[at]) || isIn(FORMATTING, text[at]))) at++;
  if (text[at] !== "/") return undefined;
  const nameStart = ++at;
  while (isNameCharacter(text[at])) at++;
  const name = text.slice(nameStart, at).toLowerCase();
  if (name === "") return undefined;
  let addressee: string | undefined;
  if (text[at] === "@") {
    const start = ++at;
    while (isNameCharacter(text[at])) at++;
    addressee = text.slice(start, at).toLowerCase();
  }
  const next = text[at];
  if (next !== undefined && !isSpace(next) && !isIn(FORMATTING, next)) return undefined;
  const rest = text.slice(at).trim();
  return { name, ...(addressee && { addressee }), args: lexArguments(rest), rest };
}

/** Words; quotes keep words together, a backslash takes the next character as it is. */
export function lexArguments(text: string): string[] {
  const words: string[] = [];
  let word = "";
  let inWord = false;
  let closing: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    if (character === "\\" && at + 1 < text.length) {
      word += text[++at];
      inWord = true;
    } else if (closing !== undefined) {
      if (character === closing) closing = undefined;
      else word += character;
    } else if (!inWord && QUOTES[character] !== undefined) {
      closing = QUOTES[character];
      inWord = true;
    } else if (isSpace(character)) {
      if (inWord) words.push(word);
      word = "";
      inWord = false;
    } else {
      word += character;
      inWord = true;
    }
  }
  if (inWord) words.push(word);
  return words.map(withoutFormatting).filter((each) => each !== "");
}

/** Writes a word so that `lexArguments` reads it back as one and the same. */
export function quoteWord(word: string): string {
  const isPlain = [...word].every((character) => !isSpace(character) && !isIn("\\\"'“„«‘", character));
  if (isPlain && word !== "") return word;
  return `"${word.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** Drops Markdown's marks around a word: `**now**` is `now`. */
function withoutFormatting(word: string): string {
  let start = 0;
  let end = word.length;
  while (start < end && isIn("`*", word[start])) start++;
  while (end > start && isIn("`*", word[end - 1])) end--;
  return word.slice(start, end);
}

function isSpace(character: string | undefined): boolean {
  return character !== undefined && character.trim() === "";
}

function isIn(set: string, character: string | undefined): boolean {
  return character !== undefined && set.includes(character);
}

function isNameCharacter(character: string | undefined): boolean {
  if (character === undefined) return false;
  return (
    (character >= "a" && character <= "z") ||
    (character >= "A" && character <= "Z") ||
    (character >= "0" && character <= "9") ||
    character === "_" ||
    character === "-"
  );
}
