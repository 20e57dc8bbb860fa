/** People who chat, whatever platform they do it on. */

export interface Conversing {
  /** How many chats there are. */
  readonly count: number;
  /** Must be called before the first `say`, and again when others have listened in between. */
  listen(): void;
  /** Says something in a chat and resolves when it is answered, with the milliseconds that took. */
  say(index: number): Promise<number>;
  close(): void;
}

/** All chats at once until `more` says no; it is asked before each message. Returns how many turns that were. */
export async function busy(chats: Conversing, more: (begun: number) => boolean): Promise<number> {
  let begun = 0;
  await Promise.all(
    Array.from({ length: chats.count }, async (_, index) => {
      while (more(begun)) {
        begun += 1;
        await chats.say(index);
      }
    }),
  );
  return begun;
}

export function until(durationMs: number): () => boolean {
  const end = performance.now() + durationMs;
  return () => performance.now() < end;
}
