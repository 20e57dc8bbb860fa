/** Many clients that hear one event each time somebody says something. */
import type { ProtocolClient } from "./protocol-clients.ts";

const CHAT = '{"type":"event","event":"chat"';
const PATIENCE_MS = 30_000;

export class Listeners {
  readonly count: number;
  readonly #speaker: ProtocolClient;
  /** By what was said: how many have yet to hear it. */
  readonly #missing = new Map<string, { left: number; readonly heard: () => void }>();
  #said = 0;

  /** The speaker may be one who listens, but need not. */
  constructor(speaker: ProtocolClient, listeners: readonly ProtocolClient[]) {
    this.#speaker = speaker;
    this.count = listeners.length;
    for (const listener of listeners) listener.onEvent = (text) => this.#hear(text);
  }

  /** Says something in a session that exists. Resolves when every listener heard it. */
  async say(sessionKey: string): Promise<void> {
    const word = `word-${++this.#said}.`;
    const { promise, reject, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(() => reject(new Error(`Not everybody heard ${word}`)), PATIENCE_MS);
    this.#missing.set(word, { left: this.count, heard: resolve });
    await this.#speaker.request("chat.inject", { sessionKey, message: `${word} ${FILLING}` });
    await promise;
    clearTimeout(timer);
  }

  #hear(text: string): void {
    if (!text.startsWith(CHAT)) return;
    const word = /word-\d+\./.exec(text)?.[0];
    // What the session had to say before anybody spoke here.
    if (word === undefined) return;
    const missing = this.#missing.get(word);
    if (!missing) throw new Error(`Somebody heard what nobody said: ${text.slice(0, 200)}`);
    missing.left -= 1;
    if (missing.left > 0) return;
    this.#missing.delete(word);
    missing.heard();
  }
}

/** What is said is as long as a line of chat. */
const FILLING = "The quick brown fox jumps over the lazy dog and runs on to the next message of this conversation.";
