/** Up to where each person has read, kept in the browser. */

type Seen = Readonly<Record<string, number>>;

function keyOf(bot: string, person: number): string {
  return `telegram-pane:${bot}:${person}`;
}

/** The newest read message by chat; `undefined` for somebody who never looked. */
export function loadSeen(bot: string, person: number): Seen | undefined {
  try {
    const text = localStorage.getItem(keyOf(bot, person));
    return text === null ? undefined : (JSON.parse(text) as Seen);
  } catch {
    // Framed pages may be denied storage; then nothing is remembered.
    return undefined;
  }
}

export function saveSeen(bot: string, person: number, seen: Seen): void {
  try {
    localStorage.setItem(keyOf(bot, person), JSON.stringify(seen));
  } catch {
    // As above.
  }
}
