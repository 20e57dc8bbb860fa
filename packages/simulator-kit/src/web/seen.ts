/** Up to where each person has read, kept in the browser. */

type Seen = Readonly<Record<string, number>>;

function keyOf(account: string, person: string): string {
  return `pane:${account}:${person}`;
}

/** The `order` of the newest read message by chat; `undefined` for somebody who never looked. */
export function loadSeen(account: string, person: string): Seen | undefined {
  try {
    const text = localStorage.getItem(keyOf(account, person));
    return text === null ? undefined : (JSON.parse(text) as Seen);
  } catch {
    // Framed pages may be denied storage; then nothing is remembered.
    return undefined;
  }
}

export function saveSeen(account: string, person: string, seen: Seen): void {
  try {
    localStorage.setItem(keyOf(account, person), JSON.stringify(seen));
  } catch {
    // As above.
  }
}
