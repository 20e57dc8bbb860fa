/** Cuts text into pieces of about `length` characters, never inside a surrogate pair. */
export function piecesOf(text: string, length = 16): string[] {
  if (text === "") return [];
  if (text.length <= length) return [text];
  const pieces: string[] = [];
  for (let at = 0; at < text.length; ) {
    let end = Math.min(at + Math.max(1, length), text.length);
    if (isHighSurrogate(text.charCodeAt(end - 1)) && end < text.length) end++;
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
