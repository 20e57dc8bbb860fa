/** Estimates tokens without a tokenizer. It errs on the high side: a prompt that is too short still works. */

/** What a picture costs at most, after the providers scaled it. */
export const IMAGE_TOKENS = 1_600;

/** Every message costs a little besides its text. */
export const MESSAGE_TOKENS = 6;

/** Words of living languages are rarely longer; keys, addresses and encoded bytes are, and cost more. */
const LONGEST_WORD = 12;

/**
 * At least as many tokens as the usual tokenizers make of `text`, in nearly all cases. In sixths of a token: two for an
 * ASCII letter or space, three for ASCII's digits and signs, five for either in a long run without spaces, seven for any
 * other character of the basic plane (accents, Cyrillic, Chinese), twenty for an emoji.
 */
export function estimateTokens(text: string): number {
  let sixths = 0;
  let run = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    run = unit <= 0x20 || unit >= 0x80 ? 0 : run + 1;
    if (unit >= 0x80) sixths += unit >= 0xd800 && unit <= 0xdfff ? 10 : 7;
    else if (run > LONGEST_WORD) sixths += 5;
    else sixths += isLetterOrSpace(unit) ? 2 : 3;
  }
  return Math.ceil(sixths / 6);
}

function isLetterOrSpace(unit: number): boolean {
  return unit === 0x20 || (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x41 && unit <= 0x5a);
}
